"""Work that takes longer than a run may: the browser asks for the next run of the fragment once it has drawn this one.

Not `st.rerun`: it runs the whole page anew, and in Streamlit 1.67 a click that comes meanwhile can find its place gone.
A trigger of the browser is one event among the visitor's own; they are answered in the order in which they come.
"""

import time

import streamlit as st

_SCRIPT = """
const asked = new WeakMap(), timers = new WeakMap();
export default function ({ data, parentElement, setTriggerValue }) {
  const [mark, wait] = data;
  const stop = () => { clearTimeout(timers.get(parentElement)); timers.delete(parentElement); };
  if (asked.get(parentElement) === mark && (!wait || timers.has(parentElement))) return stop;
  stop();  // new data come without the end of the old being told
  asked.set(parentElement, mark);
  const later = (time) => timers.set(parentElement, setTimeout(ask, time));
  const ask = () => {
    setTriggerValue("again", mark);
    if (wait) later(5 * wait);  // a request can get lost with its connection
  };
  if (mark) later(wait);
  return stop;
}
"""
_component = st.components.v2.component("run_again", html="<span hidden></span>", js=_SCRIPT)


def run_again(key: str, *, needed: bool, after: float = 0.0) -> None:
    """Inside a fragment, drawn in every run of it: ask for another run while one is needed, so many seconds after this
    one is drawn; where those are above 0, again until it comes.
    """
    with st.container(key=f"overlay_{key}"):  # takes no room
        # A text that no run before had, since the browser answers each one once.
        data = [str(time.monotonic_ns()) if needed else "", 1000 * after]
        _component(key=key, data=data, on_again_change=lambda: None)
