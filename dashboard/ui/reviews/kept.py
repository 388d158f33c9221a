"""The store of this server's reviews, and who asks it. Loads SQLAlchemy only when somebody needs it."""

import errno
import hashlib
from functools import cache

import streamlit as st

from dashboard.reviews import Person, ReviewError
from dashboard.settings import read_settings
from dashboard.ui import state
from dashboard.ui.file_upload.guard import browser_token

NAME = "reviewer_name"


@cache
def review_store():
    """The one of this process; its folder or database is made when it is first asked for."""
    from dashboard.reviews import open_store

    return open_store(read_settings())


def check_database() -> None:
    """ConnectionError where the reviews' database does not answer; makes nothing where nobody has needed it yet."""
    if not read_settings().database_url and not review_store.cache_info().currsize:
        return
    try:
        review_store().check_answers()
    except ReviewError:  # its text may name a host, and anybody may ask for the health of this server
        raise ConnectionError(errno.ECONNREFUSED, "the reviews' database does not answer") from None


def who() -> Person:
    """The visitor. Of whoever signed in, the name and the e-mail address that this has proved, never a typed name.

    Where people could sign in, a typed name says that its owner has not: it may be anybody's.
    """
    if is_signed_in():
        user = st.user.to_dict()
        is_proved = str(user.get("email_verified", True)).lower() == "true"
        return Person(user.get("name") or user.get("email") or "", user.get("email") if is_proved else None)
    typed = typed_name()
    return Person(f"{typed or 'somebody'} (not signed in)" if can_sign_in() else typed)


def typed_name() -> str:
    """The name that a visitor goes by, which proves nothing."""
    return state.recalled(NAME) or ""


def can_sign_in() -> bool:
    """Whether this server is set up for signing in (OpenID Connect)."""
    return "is_logged_in" in st.user.to_dict()


def is_signed_in() -> bool:
    return bool(st.user.to_dict().get("is_logged_in"))


def browser_id(about: str = "") -> str | None:
    """A secret that all visits of one browser session have in common, about the review of a link or anything else of
    this name; None where its cookies are off.
    """
    token = browser_token(st.context.cookies)
    return None if token is None else hashlib.sha256(b"draft\0" + token + about.encode()).hexdigest()
