"""The store of this server's reviews, and who asks it. Loads SQLAlchemy only when somebody needs it."""

import hashlib
from functools import cache

import streamlit as st

from dashboard.reviews import Person
from dashboard.settings import read_settings
from dashboard.ui import state
from dashboard.ui.file_upload.guard import browser_token

NAME = "reviewer_name"


@cache
def review_store():
    """The one of this process; its folder or database is made when it is first asked for."""
    from dashboard.reviews import open_store

    return open_store(read_settings())


def who() -> Person:
    """The visitor: the e-mail address where signing in has proved it, and the name they go by."""
    user = st.user.to_dict()
    signed_in = user.get("is_logged_in") and user.get("email_verified", True)
    email = user.get("email") if signed_in else None
    return Person(state.recalled(NAME) or (user.get("name") or "" if signed_in else ""), email)


def can_sign_in() -> bool:
    """Whether this server is set up for signing in (OpenID Connect)."""
    return "is_logged_in" in st.user.to_dict()


def browser_id() -> str | None:
    """A secret that all visits of one browser session have in common; None where its cookies are off."""
    token = browser_token(st.context.cookies)
    return None if token is None else hashlib.sha256(b"draft\0" + token).hexdigest()
