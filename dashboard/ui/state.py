"""What a visitor has chosen: data, run, group, thresholds, classes to draw. The one owner of each, and the only user of
session state.

Nothing computed and no array lives here: arrays are in `cache`, found by digest. The address bar says the same, so
that a copied address shows the same view where that data is there.
"""

from collections.abc import Mapping

import streamlit as st

from dashboard.core.policies.targets import Target
from dashboard.ui.address import (
    MAX_CHOSEN_CLASSES,
    Group,
    Threshold,
    parse_class,
    parse_classes,
    parse_group,
)
from dashboard.ui.chosen import FROM_ADDRESS as FROM_ADDRESS
from dashboard.ui.chosen import AppliedSet, Chosen, Place
from dashboard.ui.opened_review import OpenedReview

ON_THESE_SAMPLES = " on these samples"  # the end of an origin; the samples are those in view when it was chosen
ADDRESS_DIGITS = 32  # of the digest's 64: 128 bits, not to be guessed
MOST_STEPS_BACK = 100
PRESENTING = "present"  # as the address has it


def end_session() -> None:
    """Forget everything of this visitor; the next run is a first one."""
    st.session_state.clear()


def is_new() -> bool:
    """Whether this is the visitor's first run."""
    return "data" not in st.session_state


def open_session(default_digest: str, address: Mapping[str, str]) -> None:
    """Read the address once, at the visitor's first run; later runs keep what was chosen since."""
    if not is_new():
        return
    st.session_state["data"] = address.get("data", default_digest)[:ADDRESS_DIGITS].replace("\0", "")
    st.session_state["run"] = address.get("run")
    st.session_state["group"] = parse_group(address.get("group", ""))
    st.session_state["unit"] = address.get("unit")
    start_with(Chosen.from_address(address))
    st.session_state["opened"] = [data()]
    st.session_state["classes"] = parse_classes(address.get("classes", ""))
    st.session_state["focus"] = parse_class(address.get("focus", ""))
    for name in ("samples", "losses", "job", PRESENTING):
        remember(name, address.get(name))
    declare_losses(address.get("trained_with"))
    st.session_state["review"] = None


def opened_review() -> OpenedReview | None:
    """The review that the visitor has open."""
    return st.session_state["review"]


def open_review(opened: OpenedReview | None) -> None:
    st.session_state["review"] = opened


def data() -> str:
    """The first digits of the digest of the data in view, which need not be on this server."""
    return st.session_state["data"]


def show_data(digest: str) -> None:
    """Look at other data; its classes are others, so thresholds and choices of classes start anew."""
    if digest[:ADDRESS_DIGITS] == data():
        return
    st.session_state["data"] = digest[:ADDRESS_DIGITS]
    st.session_state["run"] = st.session_state["group"] = st.session_state["unit"] = None
    start_with(Chosen())
    st.session_state["classes"] = st.session_state["focus"] = None
    st.session_state["opened"] = [*opened_data(), data()]
    if opened_review() is not None and data() not in opened_review().data:
        open_review(None)


def know_data(digest: str) -> None:
    """Other data that this visitor may judge on; what is in view stays."""
    st.session_state["opened"] = [*opened_data(), digest[:ADDRESS_DIGITS]]


def keep_words(digest: str, words: dict) -> None:
    """What this visitor calls data that they have loaded, and what was noticed in their files."""
    remember("words", recalled("words", {}) | {digest[:ADDRESS_DIGITS]: words})


def words_of(digest: str) -> dict | None:
    return recalled("words", {}).get(digest)


def opened_data() -> list[str]:
    """The data that this visitor has looked at, in that order, as `data` names it."""
    return list(dict.fromkeys(st.session_state["opened"]))


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


def unit_column() -> str | None:
    """The column that says which samples belong together (a patient); None where each sample stands for itself."""
    return st.session_state["unit"]


def choose_unit(column: str | None) -> None:
    st.session_state["unit"] = column


def chosen() -> Chosen:
    """The thresholds in force."""
    return st.session_state["chosen"]


def choose(new: Chosen) -> None:
    """Put these thresholds in force; `undo` brings back those before."""
    if new != chosen():
        st.session_state["before"] = (*st.session_state["before"], chosen())[-MOST_STEPS_BACK:]
        st.session_state["chosen"] = new


def undo() -> None:
    """Back to the thresholds before the last change, if there was one."""
    if st.session_state["before"]:
        *st.session_state["before"], st.session_state["chosen"] = st.session_state["before"]


def chosen_before() -> Chosen | None:
    """The thresholds before the last change, or None where nothing has changed."""
    return st.session_state["before"][-1] if st.session_state["before"] else None


def n_steps_back() -> int:
    return len(st.session_state["before"])


def start_with(first: Chosen) -> None:
    """Thresholds in force without a step back before them, and no locks or targets: other data, or a review's."""
    st.session_state["chosen"], st.session_state["before"] = first, ()
    st.session_state["locked"], st.session_state["targets"] = frozenset(), {}


def here() -> Place:
    """The run and the group in view."""
    return run_name(), group()


def threshold() -> Threshold:
    """The threshold of every class that has none of its own, where no set is applied."""
    return chosen().threshold


def set_threshold(value: Threshold, origin: str = "set by hand, not tuned", *, keep_own: bool = True) -> None:
    """One threshold for all classes. `origin` says on screen where it comes from."""
    choose(chosen().with_common(value, origin, here(), keep_own=keep_own))


def replace_threshold(value: Threshold, origin: str) -> None:
    """The same without a step back: what was in force cannot be, or is only told better."""
    st.session_state["chosen"] = chosen().with_common(value, origin, here(), keep_own=True)


def threshold_origin() -> str:
    """Where the common threshold or the applied set comes from, as a phrase."""
    return chosen().origin or "the default, not tuned"


def apply_set(applied: AppliedSet, origin: str) -> None:
    """A threshold per class. `origin` says on screen where they come from."""
    choose(chosen().with_set(applied, origin, here()))


def own_thresholds() -> dict[int, Threshold]:
    """Class index -> the class's own threshold."""
    return dict(chosen().own)


def set_own_threshold(index: int, value: Threshold | None) -> bool:
    """Give a class its own threshold, or with None that of all others again. False when there are too many already."""
    new = chosen().with_own(index, value, here())
    if new is not None:
        choose(new)
    return new is not None


def locked_classes() -> frozenset[int]:
    """Indices of the classes whose thresholds stay as they are when a policy is applied."""
    return st.session_state["locked"]


def lock_classes(indices) -> None:
    st.session_state["locked"] = frozenset(int(index) for index in indices)


def targets() -> dict[int, Target]:
    """Class index -> what the class has to reach when thresholds are optimised."""
    return dict(st.session_state["targets"])


def set_targets(targets: dict[int, Target]) -> None:
    st.session_state["targets"] = {index: target for index, target in targets.items() if target != Target()}


def thresholds_chosen_on() -> list[Place]:
    """The run (None: the first) and group in view when the thresholds in force were chosen, where that is known."""
    return chosen().chosen_on()


def common_chosen_on() -> Place | None:
    """The same of the common threshold or the applied set; None where it is not known."""
    return chosen().places.get(None)


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


def declared_losses() -> str | None:
    """What the runs of the data in view were trained with, as somebody declared it, in a text."""
    return recalled(f"trained_with:{data()}")


def declare_losses(text: str | None) -> None:
    remember(f"trained_with:{data()}", text)


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
