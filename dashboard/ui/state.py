"""What a visitor has chosen: data, run, group, thresholds, classes to draw. The one owner of each, and the only user of
session state.

Nothing computed and no array lives here: arrays are in `cache`, found by digest. The address bar says the same, so
that a copied address shows the same view where that data is there.
"""

import streamlit as st

from dashboard.ui.address import (
    DEFAULT,
    MAX_CHOSEN_CLASSES,
    MAX_OWN_THRESHOLDS,
    Group,
    Threshold,
    format_classes,
    format_own,
    parse_class,
    parse_classes,
    parse_group,
    parse_own,
    parse_threshold,
)

FROM_ADDRESS = "as in the address"
ON_THESE_SAMPLES = " on these samples"  # the end of an origin; the samples are those in view when it was chosen
ADDRESS_DIGITS = 32  # of the digest's 64: 128 bits, not to be guessed


def open_session(default_digest: str) -> None:
    """Read the address once, at the visitor's first run; later runs keep what was chosen since."""
    if "data" in st.session_state:
        return
    address = st.query_params
    st.session_state["data"] = address.get("data", default_digest)[:ADDRESS_DIGITS].replace("\0", "")
    st.session_state["run"] = address.get("run")
    st.session_state["group"] = parse_group(address.get("group", ""))
    chosen = parse_threshold(address.get("t", "")) or DEFAULT
    set_threshold(chosen, "" if chosen == DEFAULT else FROM_ADDRESS)
    st.session_state["own"] = parse_own(address.get("own", ""), n_classes=10**6)
    st.session_state["places"] = {}  # an address does not say where its thresholds were chosen
    st.session_state["classes"] = parse_classes(address.get("classes", ""))
    st.session_state["focus"] = parse_class(address.get("focus", ""))
    remember("samples", address.get("samples"))


def write_address() -> None:
    """Put the view into the address bar. Parameters that no widget binds vanish at each page switch, so every run."""
    wanted = {"data": data(), "run": run_name(), "t": str(threshold()), "own": format_own(own_thresholds())}
    wanted |= {"group": "" if group() is None else str(group()), "samples": recalled("samples")}
    wanted |= {"classes": format_classes(chosen_classes()), "focus": "" if focus() is None else str(focus())}
    for name, value in wanted.items():
        if value and st.query_params.get(name) != value:
            st.query_params[name] = value
        elif not value and name in st.query_params:
            del st.query_params[name]


def data() -> str:
    """The first digits of the digest of the data in view, which need not be on this server."""
    return st.session_state["data"]


def show_data(digest: str) -> None:
    """Look at other data; its classes are others, so thresholds and choices of classes start anew."""
    if digest[:ADDRESS_DIGITS] == data():
        return
    st.session_state["data"] = digest[:ADDRESS_DIGITS]
    st.session_state["run"] = st.session_state["group"] = None
    st.session_state["own"] = st.session_state["places"] = {}
    set_threshold(DEFAULT, "")
    st.session_state["classes"] = st.session_state["focus"] = None


def run_name() -> str | None:
    """The chosen run, or None for the first one."""
    return st.session_state["run"]


def choose_run(name: str) -> None:
    st.session_state["run"] = name


def group() -> Group | None:
    """The group whose samples are in view, or None for all samples."""
    return st.session_state["group"]


def choose_group(chosen: Group | None) -> None:
    """Look at other samples; thresholds are of the classes and stay."""
    st.session_state["group"] = chosen


def threshold() -> Threshold:
    """The threshold of every class that has none of its own."""
    return st.session_state["threshold"]


def set_threshold(value: Threshold, origin: str = "set by hand, not tuned") -> None:
    """`origin` says on screen where the threshold comes from."""
    st.session_state["threshold"] = value
    st.session_state["origin"] = origin
    _keep_place(None)


def threshold_origin() -> str:
    """Where the common threshold comes from, as a phrase."""
    return st.session_state.get("origin") or "the default, not tuned"


def own_thresholds() -> dict[int, Threshold]:
    """Class index -> the class's own threshold."""
    return dict(st.session_state["own"])


def set_own_threshold(index: int, value: Threshold | None) -> bool:
    """Give a class its own threshold, or with None the common one again. False when there are too many already."""
    own = own_thresholds()
    own.pop(index, None)
    if value is not None:
        if len(own) >= MAX_OWN_THRESHOLDS:
            return False
        own[index] = value
    st.session_state["own"] = own
    _keep_place(index)
    return True


def _keep_place(index: int | None) -> None:
    st.session_state["places"] = st.session_state.get("places", {}) | {index: (run_name(), group())}


def thresholds_chosen_on() -> list[tuple[str | None, Group | None]]:
    """The run (None: the first) and group in view when the thresholds in force were chosen, where that is known.

    First that of the common threshold, unless it is the default.
    """
    chosen = [*([] if threshold() == DEFAULT else [None]), *sorted(own_thresholds())]
    places = st.session_state["places"]
    return list(dict.fromkeys(places[index] for index in chosen if index in places))


def common_chosen_on() -> tuple[str | None, Group | None] | None:
    """The same of the common threshold; None where it is not known."""
    return st.session_state["places"].get(None)


def clear_own_thresholds() -> None:
    st.session_state["own"] = {}


def chosen_classes() -> tuple[int, ...] | None:
    """Indices of the classes to draw together, in the order they were chosen; None until somebody chooses."""
    return st.session_state["classes"]


def choose_classes(indices) -> None:
    """Draw these classes; the first ones where they are more than an address holds."""
    indices = tuple(dict.fromkeys(int(index) for index in indices))
    st.session_state["classes"] = indices[:MAX_CHOSEN_CLASSES]


def focus() -> int | None:
    """The index of the class looked at closely, or None until somebody chooses."""
    return st.session_state["focus"]


def set_focus(index: int | None) -> None:
    st.session_state["focus"] = index


def widget_value(key: str, default=None):
    """What a widget holds, inside its callback."""
    return st.session_state.get(key, default)


def preset_widget(key: str, value) -> None:
    """Give a widget its value before it is drawn in this run."""
    st.session_state[key] = value


def remember(key: str, value) -> None:
    """Keep a small value (a sentence, a digest, a proposal) for this visitor until it is replaced."""
    st.session_state[f"kept:{key}"] = value


def recalled(key: str, default=None):
    return st.session_state.get(f"kept:{key}", default)


def forget(key: str) -> None:
    st.session_state.pop(f"kept:{key}", None)
