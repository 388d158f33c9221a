"""Links are capabilities: who has one may open, or change, one review. Knows nothing of how reviews are kept.

The store keeps hashes only: whoever reads its database opens nothing. The view link follows from the edit link, so
that who may edit can always hand out the view link; not the other way round.
"""

import hashlib
import re
from dataclasses import dataclass

from dashboard.reviews.review import Person, new_id
from dashboard.reviews.review_errors import ReviewError

SIGNED_IN = "signed-in"


@dataclass(frozen=True)
class Links:
    """128 bits each, as 32 hex digits: what `?review=` carries."""

    view: str
    edit: str

    @classmethod
    def new(cls) -> "Links":
        return cls.of_edit(new_id())

    @classmethod
    def of_edit(cls, edit: str) -> "Links":
        return cls(hashlib.sha256(b"view\0" + edit.encode()).hexdigest()[:32], edit)


def link_hash(link: object) -> str:
    """What the store knows a link by; any value has one, whatever came by the address bar.

    The tokens are random, so a plain hash is as good as a slow one; looking one up by its hash tells nothing by the
    time it takes.
    """
    return hashlib.sha256(str(link).encode("utf-8", "surrogatepass")).hexdigest()


def may_open(limited_to: str | tuple[str, ...] | None, who: Person | None, owner: str | None = None) -> bool:
    """Whether a review limited so opens for this person: only a proved e-mail address counts, never a typed name."""
    if limited_to is None:
        return True
    email = _plain((who and who.email) or "")
    if not email:
        return False
    if limited_to == SIGNED_IN or (owner and email == _plain(owner)):
        return True
    allowed = (limited_to,) if isinstance(limited_to, str) else limited_to
    _, at, domain = email.rpartition("@")
    return any(_plain(each) in (email, at + domain) for each in allowed)


def check_limits(limited_to: str | tuple[str, ...] | None, who: Person | None, owner: str | None) -> None:
    """ReviewError where a review cannot be limited so, or where whoever limits it could not open it any more."""
    allowed = (limited_to,) if isinstance(limited_to, str) else limited_to or ()
    for each in allowed:
        if limited_to != SIGNED_IN and not re.fullmatch(r"[^@\s]*@[^@\s]+", each):
            raise ReviewError(f"A review is limited to e-mail addresses or domains such as @example.org, got {each!r}.")
    if limited_to is not None and not may_open(limited_to, who, owner):
        raise ReviewError("Whoever limits a review must be able to open it then: sign in, and let your own address in.")


def _plain(email: str) -> str:
    return email.strip().casefold()
