"""What tests of reports share: content with text that tries to act, and a report read back as a browser reads it."""

from html.parser import HTMLParser

from dashboard.reviews.report import (
    Chart,
    ClassChange,
    Column,
    Comment,
    DataLine,
    Decision,
    Estimate,
    Event,
    Proposal,
    ReportContent,
    Table,
    changes_table,
)

HOSTILE = (
    "</script><script>window.hacked = 1</script>",
    '<img src="http://evil.example/x.png" onerror="window.hacked = 1">',
    '"><svg onload="window.hacked = 1">',
    "<a href='http://evil.example'>click</a>",
    "<!-- <style>*{display:none}</style>",
    "$x^2$ %{x} #000001 {{ 7 * 7 }}",
    "<b>bold</b>",
    "=HYPERLINK(1)",
    "reversed \u202etxet\u2069 here",
    "two\u2028lines\u2029and\x00nothing",
)
MARKDOWN = "# Head\n\n**bold** [site](https://example.org/a?b=c&d) [bad](javascript:alert(1)) ![pixel](http://evil.example/x.png)"


def a_table(name="classes", values=(0.5, float("nan")), names=("one", "two"), **options) -> Table:
    return Table(name, "Classes", (Column("class", names), Column("F1", list(values), "rate")), **options)


def a_report(text: str = "text", *, note: str = MARKDOWN, charts: tuple[Chart, ...] = ()) -> ReportContent:
    """Everything a report can hold, with `text` wherever a person can have written some."""
    change = ClassChange(text, 0.5, 0.25, 0.7, 0.75, Estimate(0.05, 0.01, 0.09), text)
    return ReportContent(
        title=text,
        data=DataLine(text, text, "0" * 64, 1_500, 2, 700, 0, "logits (float32)", text),
        created="2026-11-30 08:00 UTC",
        summary=text,
        thresholds=text,
        headline=Table("headline", text, (Column("figure", [text]), Column(text, [Estimate(0.7, 0.6, 0.8)], "rate"))),
        tables=(a_table(names=(text, "two"), notes=(text,)),),
        charts=charts,
        changes=changes_table([change]),
        decision=Decision("accepted", text, "2026-11-29", note),
        notes=(Comment(note, text, "2026-11-28"),),
        class_notes={text: (Comment(note),)},
        proposals=(Proposal(text, text, "2026-11-28", "open", note, (Comment(note, text, "2026-11-28"),)),),
        history=(Event("2026-11-27", text, text),),
        method=(text,),
    )


class ReadReport(HTMLParser):
    """elements: (tag, attributes) in order; tables: id -> rows of cell texts, headings first; scripts: their texts."""

    def __init__(self, html: str):
        super().__init__()
        self.elements, self.tables, self.scripts, self.text = [], {}, [], ""
        self._table = self._cell = self._script = None
        self.feed(html)

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag == "section" and "table" in (attributes.get("class") or "").split():
            self._table = self.tables.setdefault(attributes["id"], [])
        elif tag == "section":
            self._table = None
        elif tag == "tr" and self._table is not None:
            self._end_cell()
            self._table.append([])
        elif tag in ("td", "th"):
            self._end_cell()
            self._cell = ""
        elif tag == "script":
            self._script = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th", "tbody"):
            self._end_cell()
        elif tag == "script" and self._script is not None:
            self.scripts.append(self._script)
            self._script = None

    def _end_cell(self):
        """A cell ends with its tag, or where the next one, the next row or the end of the table begins."""
        if self._cell is not None and self._table is not None:
            self._table[-1].append(self._cell.rstrip("\n"))
        self._cell = None

    def handle_data(self, data):
        if self._script is not None:
            self._script += data
            return
        self.text += data
        if self._cell is not None:
            self._cell += data
