"""Whether the pages are shown to a room: larger type, fewer buttons, no links. The address says so too."""

from dashboard.ui import state

_TYPE_CHANGES = "type_changes"


def is_presenting() -> bool:
    return bool(state.recalled(state.PRESENTING))


def present(on: bool) -> None:
    state.remember(state.PRESENTING, "1" if on else None)
    state.remember(_TYPE_CHANGES, True)


def type_changes() -> bool:
    """Whether a presentation has just begun or ended, so that its type is on its way to the browser."""
    return state.recalled(_TYPE_CHANGES, False)


def type_has_changed() -> None:
    state.forget(_TYPE_CHANGES)
