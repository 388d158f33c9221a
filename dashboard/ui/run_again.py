"""Work that takes longer than a run may: the browser asks for the next run of the fragment once it has drawn this one.

Not `st.rerun`: it runs the whole page anew, and in Streamlit 1.67 a click that comes meanwhile can find its place gone.
A trigger of the browser is one event among the visitor's own; they are answered in the order in which they come.
"""

import time

import streamlit as st

_SCRIPT = """
const asked = new WeakMap();
export default function ({ data, parentElement, setTriggerValue }) {
  if (!data || asked.get(parentElement) === data) return;
  asked.set(parentElement, data);
  const wait = setTimeout(() => setTriggerValue("again", data), 0);
  return () => clearTimeout(wait);
}
"""
_component = st.components.v2.component("run_again", html="<span hidden></span>", js=_SCRIPT)


def run_again(key: str, *, needed: bool) -> None:
    """Inside a fragment, drawn in every run of it: ask for another run while one is needed."""
    with st.container(key=f"overlay_{key}"):  # takes no room
        # A text that no run before had, since the browser answers each one once.
        _component(key=key, data=str(time.monotonic_ns()) if needed else "", on_again_change=lambda: None)
