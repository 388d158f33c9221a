"""Text of users (class names, ids, notes) made harmless where it is drawn: the one place for Markdown and for Plotly.

Knows nothing of where the text came from; it was normalised once when it was read (`dashboard.inputs`).
"""

import html
import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$:~&@/])")
_PLOTLY = str.maketrans({character: f"&#{ord(character)};" for character in "%#$"})


def for_markdown(text: str) -> str:
    """The text with every character that Markdown acts on backslashed: no link, image, maths or directive appears."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))


def for_plotly(text: str) -> str:
    """The text as Plotly draws it literally: no tag, link, template (%{x}), maths or placeholder colour is acted on."""
    return html.escape(" ".join(str(text).split()), quote=False).translate(_PLOTLY)
