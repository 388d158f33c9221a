"""Notes that people wrote in Markdown, as HTML that holds nothing but text, lists, tables and plain links.

Raw HTML and images never come through; a link leads to http, https or mailto and shows where (the report's style).
"""

from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markupsafe import Markup

from dashboard.escape import without_controls

SCHEMES = ("http", "https", "mailto")
LOWEST_HEADING = 6
DEMOTED = 3  # the report's own sections are h2


def markdown_html(text: str) -> Markup:
    """Safe HTML of a note; raw HTML in it is shown as text, an image becomes a link."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    markdown.validateLink = _leads_somewhere_known
    tokens = markdown.parse(without_controls(text, keep="\n\t"))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(LOWEST_HEADING, int(token.tag[1:]) + DEMOTED)}"
        for child in token.children or ():
            if child.type == "link_open":
                child.attrs |= {"rel": "noopener noreferrer nofollow", "target": "_blank"}
    return Markup(markdown.renderer.render(tokens, markdown.options, {}))


def _leads_somewhere_known(url: str) -> bool:
    try:
        return urlsplit(url.strip()).scheme.lower() in SCHEMES
    except ValueError:  # no address at all
        return False
