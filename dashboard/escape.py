"""Text of users (class names, ids, notes) made harmless where it is drawn: the one place for Markdown and for Plotly.

Knows nothing of where the text came from; it was normalised once when it was read (`dashboard.inputs`).
"""

import html
import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$:~&@/])")
_ADDRESS = re.compile(r"(https?:(?=//)|www(?=\.)|@)", re.IGNORECASE)
_PLOTLY = str.maketrans({character: f"&#{ord(character)};" for character in "%#$"})


def for_markdown(text: str) -> str:
    """The text with every character that Markdown acts on backslashed: no link, image, maths or directive appears.

    Addresses become links after backslashes are gone, so a character without width parts them.
    """
    parted = _ADDRESS.sub("\\1\u2060", " ".join(str(text).split()))
    return _MARKDOWN.sub(r"\\\1", parted)


def for_plotly(text: str) -> str:
    """The text as Plotly draws it literally: no tag, link, template (%{x}), maths or placeholder colour is acted on."""
    return html.escape(" ".join(str(text).split()), quote=False).translate(_PLOTLY)
