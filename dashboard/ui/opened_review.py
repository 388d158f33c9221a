"""What a visitor's session keeps of the review that is open: the link it was opened by, and what that link allows.

Knows nothing of Streamlit and of the review's content, which is loaded anew by its link.
"""

from dataclasses import dataclass

from dashboard.reviews import Links


@dataclass(frozen=True)
class OpenedReview:
    """link: to edit where `may_edit`, else to view. data: what it is about, as `data` names it, held-out data last.

    snapshot: the id of the frozen view that was opened in its place.
    """

    link: str
    title: str
    may_edit: bool
    data: tuple[str, ...]
    snapshot: str | None = None

    @property
    def view_link(self) -> str:
        """As the address has it: an address is copied, and shown to a room."""
        return Links.of_edit(self.link).view if self.may_edit else self.link
