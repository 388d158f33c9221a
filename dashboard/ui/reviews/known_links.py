"""The links of reviews that this browser has had, kept in the browser itself and nowhere else.

Without them nobody who is not signed in could find a review again after closing the tab, nor change one that is open
after loading its page anew: the address has the view link only.
"""

import re
from dataclasses import replace

import streamlit as st

from dashboard.reviews import Links
from dashboard.ui import state

MOST = 100
_SCRIPT = """
const PLACE = "dashboard_reviews";
const read = () => {
  try { return JSON.parse(localStorage.getItem(PLACE) || "[]").filter((each) => /^[0-9a-f]{32}$/.test(each)); }
  catch { return []; }
};
export default function ({ data, setStateValue }) {
  const before = read();
  const links = [...new Set([...(data.add || []), ...before])].slice(0, data.most);
  try { localStorage.setItem(PLACE, JSON.stringify(links)); } catch { /* no room, or storage is off */ }
  const told = JSON.stringify(links);
  if (told !== JSON.stringify(data.known || [])) setStateValue("links", told);
}
"""
_component = st.components.v2.component("known_links", html="<span hidden></span>", js=_SCRIPT)


def known_links() -> tuple[str, ...]:
    """The last ones first. The browser tells them in the run after the first."""
    mine = state.recalled("known_links", ())
    told = state.recalled("told_links", ())
    with st.container(key="overlay_known_links"):  # takes no room
        answer = _component(
            key="known_links", data={"add": list(mine), "known": list(told), "most": MOST}, on_links_change=lambda: None
        )
    found = tuple(re.findall(r"[0-9a-f]{32}", answer.get("links") or ""))[:MOST]
    if found:
        state.remember("told_links", found)
    return tuple(dict.fromkeys((*mine, *found)))


def may_edit_again(links: tuple[str, ...]) -> None:
    """Where this browser has had the edit link of the review that is open by its view link."""
    opened = state.opened_review()
    if opened is not None and not opened.may_edit:
        edit = next((each for each in links if Links.of_edit(each).view == opened.link), None)
        if edit is not None:
            state.open_review(replace(opened, link=edit, may_edit=True))
