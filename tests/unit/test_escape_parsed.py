"""User text put through a parser of Markdown: nothing acts in a name, and in a note nothing outside of its code."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dashboard.escape import for_markdown, for_note

ACTING = "$:<>&@[]{}~|"  # begin maths, icons, directives, HTML, entities, links, strikes and tables
PLAIN = {"paragraph_open", "paragraph_close", "inline", "text", "softbreak", "hardbreak"}
HARMLESS = PLAIN | {"fence", "code_block", "code_inline", "hr"}
HARMLESS |= {
    f"{name}_{end}"
    for name in ("em", "strong", "heading", "bullet_list", "ordered_list", "list_item")
    for end in ("open", "close")
}
PIECES = [
    "```",
    "``",
    "`",
    "\n",
    " ",
    "    ",
    "\t",
    "\\",
    "- ",
    "1. ",
    "> ",
    "# ",
    "---",
    "\u200b",
    "\r",
    "\x00",
    "math",
]
PIECES += ["[x](http://e.org)", "![x](http://e.org/i)", "<b>", "<!--", "$x$", "$$", ":red[x]", ":::", "&amp;", "&#91;"]
PIECES += ["http://e.org", "WWW.e.org", "a@e.org", "| a |", "|-|", "~~~", "[a]: http://e.org", "{x}", "text", "*", "_"]
PIECES += ["math"]
WRITTEN = st.lists(st.one_of(st.sampled_from(PIECES), st.text("`[]()<\\\n |$", max_size=3)), max_size=14).map("".join)


def _parser() -> MarkdownIt:
    """CommonMark with HTML, tables and strikes; a character of ACTING neither escaped nor in code is a token."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

    def acts(state, silent):
        if state.src[state.pos] not in ACTING:
            return False
        if not silent:
            state.push("acting", "", 0).content = state.src[state.pos :]
        state.pos += 1
        return True

    parser.inline.ruler.after("backticks", "acting", acts)
    return parser


PARSER = _parser()


def tokens_of(markdown: str):
    for token in PARSER.parse(markdown):
        yield token
        yield from token.children or ()


def is_address(shown: str) -> bool:
    """Whether what is left as text would become a link."""
    return bool(re.search(r"https?://|www\.|\w@\w", shown, re.IGNORECASE))


@settings(max_examples=400, deadline=None)
@given(WRITTEN)
@example("```\na\n ```\n[x](http://e.org)\n```")  # closed by a fence that is indented
@example("```math\nx^2\n```")
@example("`a | [x](http://e.org) | b`\n--|--|--")
@example("\\`[x](http://e.org)\\`")
@example("``[x](http://e.org)` <b>`")
@example("- ```\n[x](http://e.org)\n```\n[y](http://e.org)\n```")
def test_in_a_note_nothing_acts_but_emphasis_lists_headings_and_code(text):
    found = list(tokens_of(for_note(text)))
    assert {token.type for token in found} <= HARMLESS
    assert not any(token.info for token in found if token.type == "fence")  # of maths and diagrams among others
    shown = "\n".join("" if token.type != "text" else token.content for token in found)
    assert not is_address(shown)


@settings(max_examples=300, deadline=None)
@given(WRITTEN)
def test_of_a_name_all_is_text(text):
    shown = for_markdown(text)
    found = list(tokens_of(shown))
    assert {token.type for token in found} <= PLAIN
    assert not is_address("".join(token.content for token in found if token.type == "text"))


@pytest.mark.parametrize("text", ["`a[0]` and `$x$`", "```\nfor x in y[0]:\n    <b>\n```", "**bold**\n\n- one\n- two"])
def test_code_and_emphasis_in_a_note_stay_as_they_were_typed(text):
    assert for_note(text) == text


def test_a_fence_that_another_ends_is_no_code():
    assert "[x]" not in for_note("```\na\n  ```\n[x](http://e.org)\n```").replace("\\", "|")


@pytest.mark.parametrize("text", ["[x](http://e.org)", "<b>", "$x$", "![i](http://e.org)", ":red[x]", "http://e.org"])
def test_the_tests_above_would_notice(text):
    found = list(tokens_of(text))
    assert {token.type for token in found} - HARMLESS or is_address(text)
