"""Text of users (class names, ids, notes) made harmless where it is shown: the one place for Markdown, Plotly and CSV.

Knows nothing of where the text came from; it was normalised once when it was read (`dashboard.inputs`).
"""

import html
import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$:~&@/])")
_ADDRESS = re.compile(r"(https?:(?=//)|www(?=\.)|@)", re.IGNORECASE)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")
_PLOTLY = str.maketrans({character: f"&#{ord(character)};" for character in "%#$"})


def for_markdown(text: str) -> str:
    """The text with every character that Markdown acts on backslashed: no link, image, maths or directive appears.

    Addresses become links after backslashes are gone, so a character without width parts them.
    """
    parted = _ADDRESS.sub("\\1\u2060", " ".join(str(text).split()))
    return _MARKDOWN.sub(r"\\\1", parted)


def from_markdown(text: str) -> str:
    """The text that `for_markdown` made harmless, as it was but for its spaces."""
    return re.sub(rf"\\{_MARKDOWN.pattern}", r"\1", text).replace("\u2060", "")


def for_plotly(text: str) -> str:
    """The text as Plotly draws it literally: no tag, link, template (%{x}), maths or placeholder colour is acted on."""
    return html.escape(" ".join(str(text).split()), quote=False).translate(_PLOTLY)


def for_spreadsheet(cell):
    """The cell, with a quote before it where it is text that a spreadsheet would act on as a formula.

    Every line break in it is a newline: writers of CSV put no quotes around a lone carriage return, and what follows
    it would begin a row.
    """
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    return "'" + text if text.startswith(_FORMULA_STARTS) else text
