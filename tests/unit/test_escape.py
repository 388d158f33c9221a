"""User text stays text in Markdown and in Plotly."""

import json

import pytest

from dashboard.escape import (
    for_markdown,
    for_plotly,
    for_script,
    for_spreadsheet,
    from_markdown,
    without_controls,
)

HOSTILE = ["![t](http://evil/x.png)", "<b>bold</b>", "# head", "$x$", ":red[x]", "a_b*c`d", "[l](javascript:x)", "a\nb"]


@pytest.mark.parametrize("text", HOSTILE)
def test_for_markdown_leaves_no_active_character(text):
    escaped = for_markdown(text)
    for index, character in enumerate(escaped):
        if character in "*_`[]()#!<>$:":
            assert escaped[index - 1] == "\\"
    assert "\n" not in escaped


def test_for_plotly_shows_tags_literally():
    assert for_plotly("<a href='http://evil'>A & B</a>\n") == "&lt;a href='http://evil'&gt;A &amp; B&lt;/a&gt;"


def test_for_plotly_leaves_no_template_maths_or_placeholder_colour():
    assert for_plotly("%{x} #000001 $a$ &") == "&#37;{x} &#35;000001 &#36;a&#36; &amp;"


@pytest.mark.parametrize("text", ["https://e.org/x.png", "HTTP://e.org", "see www.e.org now", "a@e.org"])
def test_for_markdown_parts_addresses_which_would_become_links(text):
    escaped = for_markdown(text)
    shown = escaped.replace("\\", "")
    assert shown.replace("\u2060", "") == text
    assert not any(start in shown.lower() for start in ("https://", "http://", "www.", "@e"))


@pytest.mark.parametrize("text", ["plain", "a*b_c `d` [e](f) \\g", "see https://x.org and @me", "F1 > 0.5, $x$ ~y~"])
def test_from_markdown_undoes_for_markdown(text):
    assert from_markdown(for_markdown(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1"])
def test_for_spreadsheet_quotes_formulas(text):
    assert for_spreadsheet(text) == "'" + text


@pytest.mark.parametrize(("text", "safe"), [("\r=1", "'\n=1"), ("a\r=1", "a\n=1"), ("a\r\n=1", "a\n=1")])
def test_for_spreadsheet_leaves_no_break_that_begins_a_row(text, safe):
    assert for_spreadsheet(text) == safe


@pytest.mark.parametrize("cell", ["a=1", "", -1.5, None])
def test_for_spreadsheet_leaves_the_rest(cell):
    assert for_spreadsheet(cell) == cell


def test_for_script_leaves_nothing_that_ends_a_script_or_a_line():
    text = json.dumps({"a": "</script><!-- & \u2028\u2029"}, ensure_ascii=False)
    escaped = for_script(text)
    assert not set(escaped) & set("<>&\u2028\u2029") and json.loads(escaped) == json.loads(text)


def test_without_controls_leaves_what_people_see():
    assert without_controls("a\u202eb\u2066c\x00d\u200be") == "abcde"
    assert without_controls("a\nb\tc\u2028d") == "a b c d" and without_controls("a\nb", keep="\n") == "a\nb"
    assert without_controls("é ü 漢字 עברית 🙂") == "é ü 漢字 עברית 🙂"


def test_for_plotly_leaves_nothing_that_turns_the_direction():
    assert for_plotly("a\u202eb") == "ab"


def test_for_markdown_leaves_nothing_that_hides_or_turns_the_direction():
    assert for_markdown("a\u202eb\u200bc\x1b\x07d\ud800 \u2028e") == "abcd e"
