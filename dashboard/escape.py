"""Text of users (class names, ids, notes) made harmless where it is shown: for Markdown, Plotly, CSV and scripts.

Knows nothing of where the text came from; it was normalised once when it was read (`dashboard.inputs`).
"""

import html
import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$:~&@/])")
_ADDRESS = re.compile(r"(https?:(?=//)|www(?=\.)|@)", re.IGNORECASE)
# Fenced by lines that begin with three backticks, none of those between them by up to three spaces later, where a
# parser would end the code; or within one line.
_CODE = re.compile(r"^```[^\n`]*\n(?P<fenced>(?:(?! {0,3}```).*\n)*)```[ \t]*$|`[^`\n]+`", re.MULTILINE)
_ACTS = re.compile(r"([\\\[\]()!|<>$:~&@/{}`])")  # what makes more than emphasis, lists, headings and code
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")
_SPACES = "\n\r\t\u2028\u2029"
# Controls, halves of characters, and what turns the direction of writing or takes no room.
_HIDING = re.compile(
    f"[{_SPACES}\x00-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_SCRIPT = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
_PLOTLY = str.maketrans({character: f"&#{ord(character)};" for character in "%#$"})


def for_markdown(text: str) -> str:
    """The text with every character that Markdown acts on backslashed: no link, image, maths or directive appears.
    What hides or reorders other characters is left out.

    Addresses become links after backslashes are gone, so a character without width parts them.
    """
    parted = _ADDRESS.sub("\\1\u2060", " ".join(without_controls(text).split()))
    return _MARKDOWN.sub(r"\\\1", parted)


def for_note(text: str) -> str:
    """A note that somebody wrote in Markdown, for Streamlit: emphasis, lists, headings and code act, nothing else does.

    Links, images, HTML, maths, icons and directives show as they were typed. Within code nothing acts anyway, and a
    backslash would be seen; the language of a fence is left out, as some (math) are drawn.
    """
    text, harmless, end = without_controls(text, keep="\n"), [], 0
    for code in _CODE.finditer(text):
        fenced = code["fenced"]
        harmless += [_without_acts(text[end : code.start()]), code[0] if fenced is None else f"```\n{fenced}```"]
        end = code.end()
    return "".join([*harmless, _without_acts(text[end:])])


def _without_acts(text: str) -> str:
    return _ACTS.sub(r"\\\1", _ADDRESS.sub("\\1\u2060", text))


def from_markdown(text: str) -> str:
    """The text that `for_markdown` made harmless, as it was but for its spaces."""
    return re.sub(rf"\\{_MARKDOWN.pattern}", r"\1", text).replace("\u2060", "")


def for_plotly(text: str) -> str:
    """The text as Plotly draws it literally: no tag, link, template (%{x}), maths or placeholder colour is acted on."""
    return html.escape(" ".join(without_controls(text).split()), quote=False).translate(_PLOTLY)


def for_spreadsheet(cell):
    """The cell, with a quote before it where it is text that a spreadsheet would act on as a formula.

    Every line break in it is a newline: writers of CSV put no quotes around a lone carriage return, and what follows
    it would begin a row.
    """
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def for_script(json_text: str) -> str:
    """JSON that may stand within a script element of HTML: nothing in it ends the element or begins another."""
    return json_text.translate(_SCRIPT)


def without_controls(text: str, keep: str = "") -> str:
    """The text without characters that hide or reorder others; lines and tabs become spaces unless kept."""

    def replaced(found) -> str:
        each = found[0]
        return each if each in keep else " " if each in _SPACES else ""

    return _HIDING.sub(replaced, str(text))
