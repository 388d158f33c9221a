"""Check tensors: which losses take a pair of tensors, which raise, and which go on and mean something else."""

import io
import zipfile

import numpy as np
import pandas as pd
import streamlit as st
import torch

from dashboard.escape import for_markdown
from dashboard.losses import LossSettings
from dashboard.losses.acceptance import ACCEPTS, RAISES, WRONG, Verdict, check, check_described
from dashboard.losses.described import DTYPES, INPUTS, TARGETS, Described, parse_shape
from dashboard.ui.controls import choice_control
from dashboard.ui.tables import show_table
from dashboard.ui.view import View
from dashboard.ui.wording import count, listed

MOST_MEGABYTES = 20
DESCRIBED, UPLOADED = "describe", "upload"
GUESSED = "as found in the values"
_MARKS = {ACCEPTS: "✓ accepts", RAISES: "✕ raises", WRONG: "⚠ silently wrong"}


def show_tensor_check(view: View, chosen: tuple[LossSettings, ...]) -> None:
    """At first the tensors of the loaded data; then any that are described or uploaded."""
    ways = {DESCRIBED: "Describe them", UPLOADED: "Upload them"}
    way = choice_control("Tensors", ways, key="check_tensors")
    try:
        found = _uploaded() if way == UPLOADED else _described(view)
    except ValueError as error:
        st.error(for_markdown(str(error)), icon=":material/error:")
        return
    if found:
        show_verdicts(found)


def show_verdicts(found: tuple[Verdict, ...]) -> None:
    st.markdown(verdict_sentence(found))
    show_table(
        verdict_frame(found),
        "tensor_verdicts",
        file_name="losses_for_tensors.csv",
        alt="A row per loss: whether it accepts these tensors, what happens, and the one-line mend",
        column_config={
            "what happens": st.column_config.TextColumn(width="large"),
            "mend": st.column_config.TextColumn(width="large"),
            "value": st.column_config.NumberColumn(format="%.4g"),
            "value, mended": st.column_config.NumberColumn(format="%.4g"),
        },
        placeholder="–",
    )
    mends = dict.fromkeys(each.mend for each in found if each.mend)
    if mends:
        st.code("\n".join(mends), language="python", wrap_lines=True)
    st.caption(
        f"Run with torch {torch.__version__} on the CPU, x the input, y the target; mends ran too. Values are those "
        "of the tensors that ran: of made-up numbers where tensors are described, for which large sizes shrink."
    )


def verdict_sentence(found: tuple[Verdict, ...]) -> str:
    """Which losses accept, which raise, which are silently wrong; Markdown."""
    said = []
    for verdict, words in ((WRONG, "silently wrong"), (RAISES, "raises"), (ACCEPTS, "accepted by")):
        losses = [each.loss for each in found if each.verdict == verdict]
        said.append(f"**{words}:** {listed(losses, len(losses)) if losses else 'none'}")
    return "; ".join(said) + "."


def verdict_frame(found: tuple[Verdict, ...]) -> pd.DataFrame:
    """A row per loss."""
    return pd.DataFrame(
        {
            "loss": each.loss,
            "verdict": _MARKS[each.verdict],
            "what happens": each.happens,
            "mend": each.mend,
            "value": np.nan if each.value is None else each.value,
            "value, mended": np.nan if each.mended is None else each.mended,
        }
        for each in found
    )


def _described(view: View) -> tuple[Verdict, ...]:
    p = view.predictions
    shape = f"({p.n_samples}, {p.n_classes})"
    st.caption("At first the tensors of the data in view, as they would reach a loss.")
    x = _one("Input", "x", shape, str(p.scores.dtype), INPUTS, p.score_kind)
    target_is = "unknown" if (p.labels < 0).any() else "multi_hot"
    y = _one("Target", "y", shape, str(p.labels.dtype), TARGETS, target_is)
    return check_described(x, y)


def _one(title: str, name: str, shape: str, dtype: str, contents: dict[str, str], content: str) -> Described:
    """Shape, dtype and content of one tensor."""
    by_title = {words: key for key, words in contents.items()}
    bound = {"bind": "query-params"}
    with st.container(horizontal=True):
        text = st.text_input(f"{title} shape", shape, key=f"check_{name}_shape", max_chars=60, width=180, **bound)
        dtypes = list(DTYPES)
        at = dtypes.index(dtype) if dtype in dtypes else 0
        dtype = st.selectbox(f"{title} dtype", dtypes, at, key=f"check_{name}_dtype", width=140, **bound)
        at = list(contents).index(content)
        key = f"check_{name}_content"
        content = st.selectbox(f"{title} values", list(by_title), at, key=key, width=320, **bound)
    first = next(iter(contents))
    return Described(parse_shape(text), dtype if dtype in DTYPES else dtypes[0], by_title.get(content, first))


def _uploaded() -> tuple[Verdict, ...]:
    """The verdicts on two arrays; empty while one is missing. Raises ValueError with a sentence."""
    limit = {"type": ["npy", "npz"], "max_upload_size": MOST_MEGABYTES}
    with st.container(horizontal=True):
        x_file = st.file_uploader("Input (.npy, .npz)", key="check_x_file", **limit)
        y_file = st.file_uploader("Target (.npy, .npz)", key="check_y_file", **limit)
    titles = {words: key for key, words in TARGETS.items()}
    target_is = st.selectbox("Target values", [GUESSED, *titles], key="check_target_is", bind="query-params", width=320)
    if x_file is None or y_file is None:
        st.caption(f"Two arrays of at most {MOST_MEGABYTES} MB each; a .npz must hold one.")
        return ()
    x, y = (tensor_of(each.name, each.getvalue()) for each in (x_file, y_file))
    st.caption(f"Input {tuple(x.shape)} {x.dtype}, target {tuple(y.shape)} {y.dtype}.")
    return check(x, y, target_is=titles.get(target_is, ""))


def tensor_of(name: str, content: bytes) -> torch.Tensor:
    """Of a .npy, or of a .npz with one array. Raises ValueError with a sentence."""
    try:
        array = np.load(io.BytesIO(content), allow_pickle=False)
        if isinstance(array, np.lib.npyio.NpzFile):
            array = _only_array(name, array)
    except (ValueError, EOFError, OSError, zipfile.BadZipFile) as error:
        if str(error).startswith(name):
            raise
        raise ValueError(f"{name} must be an array of numbers saved by numpy, but cannot be read as one") from error
    if array.nbytes > MOST_MEGABYTES * 1_000_000:
        raise ValueError(f"{name} must hold at most {MOST_MEGABYTES} MB, has {array.nbytes / 1e6:.0f}: save fewer rows")
    if array.dtype.name not in DTYPES:
        raise ValueError(f"{name} must have a dtype of torch ({listed(DTYPES, 9)}), has {array.dtype.name}: convert it")
    return torch.from_numpy(np.array(array))


def _only_array(name: str, archive) -> np.ndarray:
    if len(archive.files) != 1:
        raise ValueError(f"{name} must hold one array, has {count(len(archive.files), 'array')}: save it as .npy")
    unpacked = archive.zip.infolist()[0].file_size
    if unpacked > MOST_MEGABYTES * 1_000_000:
        raise ValueError(f"{name} must hold at most {MOST_MEGABYTES} MB, unpacks to {unpacked / 1e6:.0f}")
    return archive[archive.files[0]]
