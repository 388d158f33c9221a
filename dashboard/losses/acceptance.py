"""What torch's losses do with a pair of tensors: accept it, raise, or go on and mean something else.

Nothing is a rule of thumb where it can be run: losses, gradients and mends really run on the tensors.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from dashboard.losses import mends
from dashboard.losses.described import Described, make_pair, with_real_sizes
from dashboard.losses.facts import Facts
from dashboard.losses.shown_code import code_of

ACCEPTS, RAISES, WRONG = "accepts", "raises", "silently wrong"
_ERRORS = (RuntimeError, ValueError, IndexError, TypeError)
_ROW = ("cross_entropy", "nll_loss")
FUNCTIONS: dict[str, tuple[str, Callable]] = {
    "bce": ("BCELoss", F.binary_cross_entropy),
    "bce_with_logits": ("BCEWithLogitsLoss", F.binary_cross_entropy_with_logits),
    "soft_margin": ("MultiLabelSoftMarginLoss", F.multilabel_soft_margin_loss),
    "margin": ("MultiLabelMarginLoss", F.multilabel_margin_loss),
    "cross_entropy": ("CrossEntropyLoss", F.cross_entropy),
    "nll_loss": ("NLLLoss", F.nll_loss),
}
_CELL_MENDS = {
    "bce": ("bce_signs", "bce_known", "bce_finite", "bce_one_hot", "bce_reshaped", "bce_same_dtype"),
    "with_logits": (
        "with_logits_signs",
        "with_logits_known",
        "with_logits_finite",
        "with_logits_one_hot",
        "with_logits_reshaped",
        "with_logits",
        "with_logits_float",
    ),
}


@dataclass(frozen=True)
class Verdict:
    """happens: the message torch raised, or what comes out, a sentence. mend: one line of code, empty where none helps.

    value: what the loss gave, mended: what the mend gave when it ran; None where nothing came.
    """

    loss: str
    verdict: str
    happens: str
    mend: str = ""
    value: float | None = None
    mended: float | None = None


def check_described(x: Described, y: Described) -> tuple[Verdict, ...]:
    """On small tensors that stand for the described ones; nothing of the described size is made."""
    small_x, small_y, smaller = make_pair(x, y)
    found = check(small_x, small_y, x.content, y.content)
    return tuple(
        Verdict(each.loss, each.verdict, with_real_sizes(each.happens, smaller), each.mend, each.value, each.mended)
        for each in found
    )


def check(x: torch.Tensor, y: torch.Tensor, input_is: str = "", target_is: str = "") -> tuple[Verdict, ...]:
    """A verdict for each loss in FUNCTIONS. input_is, target_is: in INPUTS and TARGETS; guessed where empty."""
    facts = Facts.of(x, y, input_is, target_is)
    return tuple(_verdict(name, facts) for name in FUNCTIONS)


def _verdict(name: str, facts: Facts) -> Verdict:
    title, function = FUNCTIONS[name]
    message, value, gradient = run(function, facts.x, facts.y)
    if value is None:
        mend, mended = _first_that_runs(name, facts)
        return Verdict(title, RAISES, message, mend, None, mended)
    traps = _traps(name, facts, value, gradient)
    number = float(value.double().mean()) if value.numel() else None
    if not traps:
        return Verdict(title, ACCEPTS, _note(name, facts, value), "", number)
    mend, mended = _first_that_runs(name, facts)
    return Verdict(title, WRONG, " ".join(traps), mend, number, mended)


def run(function: Callable, x: torch.Tensor, y: torch.Tensor):
    """(message, None, None) if it raises, else ("", value, gradient by x or None)."""
    try:
        if not x.is_floating_point():
            return "", function(x, y).detach(), None
        x = x.detach().clone().requires_grad_()
        value = function(x, y)
        (gradient,) = torch.autograd.grad(value.sum(), x, allow_unused=True)
    except _ERRORS as error:
        return str(error).splitlines()[0], None, None
    return "", value.detach(), gradient


def _traps(name: str, facts: Facts, value: torch.Tensor, gradient) -> list[str]:
    """What goes wrong without a word, the gravest first; a sentence each."""
    said = []
    if name in ("bce", "bce_with_logits", "soft_margin"):
        said = _cell_traps(name, facts)
    elif name == "margin":
        said = _margin_traps(facts)
    else:
        said = _row_traps(name, facts)
    if not value.isfinite().all():
        said.append("The value is not finite.")
    elif gradient is not None and not gradient.isfinite().all():
        said.append("The gradient is not finite.")
    return said


def _cell_traps(name: str, facts: Facts) -> list[str]:
    said = []
    if facts.x.shape != facts.y.shape:
        said.append(
            f"{facts.shape_text('x')} and {facts.shape_text('y')} are broadcast to {facts.broadcast_text}: every "
            "target meets inputs of other samples or classes."
        )
    if facts.meaning == "signs":
        said.append("It takes targets from 0 to 1 and does not check: with -1 the loss falls without end.")
    elif facts.has_negative_targets:
        said.append("-1 is not left out but taken as a target: the loss can fall without end there.")
    elif facts.is_index and (facts.y > 1).any():
        said.append("Class indices are taken as targets: above 1 the loss falls without end.")
    elif facts.is_index:
        said.append("Class indices are taken as targets of 0 and 1.")
    if name != "bce" and facts.is_squashed:
        said.append("The inputs lie in [0, 1]: sigmoid would be taken twice, and no output could reach below .5.")
    if name == "bce" and facts.x.dtype == torch.float16:
        said.append("In float16 the gradient is NaN for scores that round to 0 or 1, even where they are right.")
    if name == "bce_with_logits" and facts.loses_precision:
        said.append(
            f"It computes in the target's dtype, {facts.dtype_text('y')}, with fewer digits than the input has."
        )
    return said


def _margin_traps(facts: Facts) -> list[str]:
    if facts.is_multi_hot:
        return ["It takes indices of classes, padded with -1, and reads the 0 and 1 of multi-hot targets as indices."]
    if facts.is_index and facts.y.ndim == 1 and facts.y.shape == facts.x.shape:
        return ["It takes (N,) as one sample with N classes."]
    return []


def _row_traps(name: str, facts: Facts) -> list[str]:
    said = []
    if facts.x.ndim == 1:
        said.append("It takes (N,) as one sample with N classes: the softmax goes over samples.")
    elif facts.x.shape[1] == 1:
        said.append("With one class the softmax is always 1 and the loss always 0.")
    if facts.same_shape and not facts.rows_sum_to_one:
        said.append(
            "The targets of a row do not sum to 1 and nothing checks: rows count by their positives, empty rows 0."
        )
    if name == "cross_entropy" and facts.is_squashed:
        twice = "softmax would be taken twice" if facts.is_softmax else "it takes logits"
        said.append(f"The inputs lie in [0, 1]: {twice}, and no class could get far from the others.")
    if name == "nll_loss" and not facts.is_log_softmax:
        said.append("It takes log-probabilities, of log_softmax, and does not check: this number is no likelihood.")
    return said


def _note(name: str, facts: Facts, value: torch.Tensor) -> str:
    if name in _ROW and not facts.same_shape and (facts.y == -100).any():
        return "Rows with target -100 are left out (ignore_index)."
    if name == "soft_margin" and facts.dtype_text("y") != facts.dtype_text("x"):
        return "As meant: this loss converts the targets itself."
    return "As meant." if value.ndim == 0 else f"As meant; it gives {tuple(value.shape)}."


def _first_that_runs(name: str, facts: Facts) -> tuple[str, float | None]:
    """The code of the first mend that fits and gives a finite number, and that number."""
    for mend in _mends(name, facts):
        _, value, gradient = run(mend, facts.x, facts.y)
        if value is not None and value.isfinite().all() and (gradient is None or gradient.isfinite().all()):
            return one_line(code_of(mend)), float(value)
    return "", None


def one_line(code: str) -> str:
    return " ".join(code.split()).replace("( ", "(").replace(" )", ")")


def _mends(name: str, facts: Facts) -> list[Callable]:
    """Those that say what is likely meant, the likeliest first."""
    if name in ("bce", "bce_with_logits", "soft_margin"):
        if name == "bce" and facts.x.dtype == torch.float16 and facts.is_squashed:
            return [mends.bce_in_float32]
        names = _CELL_MENDS["bce" if facts.is_squashed else "with_logits"]
        return [getattr(mends, each) for each in names if _fits(each, facts)]
    if name == "margin":
        if facts.is_multi_hot or facts.meaning in ("soft", "unknown", "nan", "signs"):
            return [mends.margin_of_multi_hot]
        return [mends.margin_of_indices, mends.margin_of_indices_float] if facts.y.ndim == facts.x.ndim else []
    return _row_mends(facts)


def _fits(name: str, facts: Facts) -> bool:
    if name.endswith("_signs"):
        return facts.meaning == "signs"
    if name.endswith("_known"):
        return facts.same_shape and facts.has_negative_targets and not facts.is_index
    if name.endswith("_finite"):
        return facts.same_shape and not facts.is_finite
    if name.endswith("_one_hot"):
        return facts.is_index
    if name.endswith("_reshaped") == facts.same_shape:
        return False
    return not facts.is_index and facts.meaning not in ("padded", "signs") and not facts.has_negative_targets


def _row_mends(facts: Facts) -> list[Callable]:
    if facts.x.ndim == 1 or (facts.x.ndim == 2 and facts.x.shape[1] == 1):
        return [mends.bce_reshaped if facts.is_squashed else mends.with_logits_reshaped]
    if facts.x.isnan().any():
        return [mends.entropy_of_finite_rows]
    if facts.is_index:
        if facts.is_softmax:
            return [mends.likelihood_of_probabilities]
        by_meaning = {
            "indices_from_1": [mends.entropy_from_1],
            "indices_unknown": [mends.entropy_without_unknown],
        }
        return by_meaning.get(facts.meaning, [mends.entropy_of_indices, mends.entropy_of_column])
    if facts.is_squashed:
        return [mends.bce_same_dtype]
    return [mends.entropy_normalised] if facts.is_multi_hot else []
