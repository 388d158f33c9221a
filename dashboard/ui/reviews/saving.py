"""What of the session goes into a review, and the forms that save it."""

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.inputs.dataset import Dataset
from dashboard.reviews import Links, Note, Review, ReviewData, ReviewError
from dashboard.reviews.links import SIGNED_IN
from dashboard.ui import address_bar, state
from dashboard.ui.opened_review import OpenedReview
from dashboard.ui.panels.threshold_exports import export_of
from dashboard.ui.reviews.judging import other_samples
from dashboard.ui.reviews.kept import NAME, can_sign_in, is_signed_in, review_store, typed_name, who
from dashboard.ui.reviews.opening import NOT_SAVED, PAGE
from dashboard.ui.state import ADDRESS_DIGITS
from dashboard.ui.view import View

ANYONE = "anyone with the link"
LIMITS = "only these e-mail addresses or domains"


def settings_of() -> dict[str, str]:
    """The view that the visitor came from: its page, and everything that its address says of it."""
    not_saved = (*NOT_SAVED, state.PRESENTING)
    left = {name: value for name, value in address_bar.address_left().items() if name not in not_saved}
    page = address_bar.page_left()
    return left | ({PAGE: page} if page else {})


def review_of(view: View, title: str, *, held_out: Dataset | None, note: str = "", limited_to=None) -> Review:
    """What is in view, as a review that can be saved."""
    return Review(
        title,
        ReviewData.of(view.whole),
        held_out and ReviewData.of(held_out),
        export_of(view).json(),
        notes=(Note(note, who=str(who())),) if note.strip() else (),
        settings=settings_of(),
        limited_to=limited_to,
    )


def show_save_form(view: View) -> None:
    """A title, a name, who may open it, a first note; afterwards the review is open and its links are shown."""
    with st.form("save_review", border=True):
        title = st.text_input("Title", key="review_title", placeholder=f"Thresholds of {view.whole.name}")
        note = st.text_area("First note (Markdown)", key="review_note", height=90)
        limited_to = limits_control()
        show_your_name()
        held_out = _held_out_control(view)
        st.caption(
            "The data with all runs, the thresholds in force and this view are kept on this server. Links are made "
            "when you save."
        )
        if st.form_submit_button("Save and make links", type="primary", icon=":material/save:"):
            take_name()
            title = title.strip() or f"Thresholds of {view.whole.name}"
            _save(view, review_of(view, title, held_out=held_out, note=note, limited_to=limited_to), held_out)


def _held_out_control(view: View) -> Dataset | None:
    """Which other samples are kept with the data, where there are any: the last opened until somebody says otherwise.

    What somebody has merely looked at before need not be held out, and is not kept against their will.
    """
    others = other_samples(view)
    if not others:
        return None
    chosen = st.selectbox(
        "Held-out data, on which proposals are judged first",
        range(len(others) + 1),
        key="review_held_out",
        format_func=lambda place: others[place].name if place < len(others) else "none",
        help="Other samples with the same classes that you have opened here; they are kept with the review.",
    )
    return others[chosen] if chosen < len(others) else None


def limits_control(now=None, *, key: str = "review"):
    """Who may open the review, as the store takes it. key: begins those of the fields."""
    if not can_sign_in():
        st.caption(
            "Nobody signs in on this server: whoever has a link can open the review, or change it with the other."
        )
        return now
    if who().email is None:
        st.caption("Sign in to limit a review to people or a domain; now whoever has a link can open it.")
        return now
    options = (ANYONE, SIGNED_IN, LIMITS)
    first = 0 if now is None else 1 if now == SIGNED_IN else 2
    st.radio("Who may open it", options, index=first, key=f"{key}_limits")
    listed = now if isinstance(now, tuple) else ()
    label = "E-mail addresses, or domains such as @example.org"
    st.text_input(label, ", ".join(listed), key=f"{key}_emails")
    return chosen_limits(now, key=key)


def chosen_limits(now=None, *, key: str = "review"):
    """What the fields of `limits_control` hold, `now` where there are none.

    A callback asks for it itself: who types and presses at once sends both before the page has run again.
    """
    choice, typed = state.widget_value(f"{key}_limits"), state.widget_value(f"{key}_emails", "")
    if choice in (None, ANYONE):
        return now if choice is None else None
    return SIGNED_IN if choice == SIGNED_IN else tuple(each.strip() for each in typed.split(",") if each.strip())


def show_your_name() -> None:
    """A field for whoever has not signed in; a typed name proves nothing."""
    if not is_signed_in():
        label = "Your name, as others see it"
        st.text_input(label, value=typed_name(), key="review_name", max_chars=80, placeholder="somebody")


def _save(view: View, review: Review, held_out: Dataset | None) -> None:
    try:
        with st.spinner("Saving the review..."):
            links = review_store().save(review, who())
    except ReviewError as error:
        st.error(for_markdown(str(error)), icon=":material/error:")
        return
    remember_open(view, links, review.title, held_out)
    st.rerun()


def take_name() -> None:
    typed = state.widget_value("review_name")
    if typed is not None:
        state.remember(NAME, typed.strip())


def remember_open(view: View, links: Links, title: str, held_out: Dataset | None) -> None:
    """The review that was saved is open now, by its edit link."""
    digests = [view.whole.digest] + ([held_out.digest] if held_out is not None else [])
    data = tuple(digest[:ADDRESS_DIGITS] for digest in digests)
    state.open_review(OpenedReview(links.edit, title, True, data))
    know_link(links.edit)


def know_link(link: str) -> None:
    """This browser has had this link; the list of its reviews finds it again."""
    state.remember("known_links", tuple(dict.fromkeys((link, *state.recalled("known_links", ())))))
