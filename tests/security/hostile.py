"""Text that a hostile file could carry, and a data set whose every name is made of it.

Knows nothing of browsers.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dashboard.inputs.opened import Opened

EVIL = "evil.example"  # what no request may go to and no link may lead to
TEXTS = [
    f"<b class=evil>bold</b><img src=http://{EVIL}/i.png onerror=window.evil=1>",
    f"[click](http://{EVIL}/link)",
    f"![picture](http://{EVIL}/picture.png)",
    "$\\frac{a}{b}$ $$x^2$$",
    ":red[red] :material/bolt: :rainbow[x] :smile:",
    "# heading",
    "**bold** _italic_ ~~gone~~ `code`",
    f'=HYPERLINK("http://{EVIL}/","a")',
    f"http://{EVIL}/auto www.{EVIL} mail@{EVIL}",
    f'%{{x}} <a href="http://{EVIL}/a">a</a> #000001',
    "\u202etxt.exe\u2066 \x1b[31m\x07",
    "</script><script>window.evil=1</script><style>body{display:none}</style>",
    f"<iframe src=http://{EVIL}/frame></iframe>",
    "@SUM(1+1) +1 -1",
]


@dataclass(frozen=True)
class HostileFiles:
    """What `python -m dashboard open` would be given."""

    scores: Path
    labels: Path
    columns: Path
    reader: Path

    def opened(self) -> Opened:
        roles = {f"group {TEXTS[0]}": "group", f"text {TEXTS[2]}": "text", f"unit {TEXTS[1]}": "unit"}
        return Opened(
            {TEXTS[0]: str(self.scores), TEXTS[1]: str(self.labels.with_name("second.npz"))},
            str(self.labels),
            "logits",
            str(self.columns),
            {TEXTS[2]: str(self.reader)},
            options={"roles": roles},
        )


def write_hostile(folder: Path) -> HostileFiles:
    """200 samples; classes, runs, reader, ids, columns and their values are hostile text."""
    rng = np.random.default_rng(0)
    n = 200
    logits = rng.normal(size=(n, len(TEXTS)))
    labels = (logits + rng.normal(size=logits.shape) > 1).astype(np.int8)
    names, ids = np.array(TEXTS), np.array([f"{i} {TEXTS[i % len(TEXTS)]}" for i in range(n)])
    np.savez(folder / "scores.npz", logits=logits, class_names=names, ids=ids)
    np.savez(folder / "second.npz", logits=logits + rng.normal(size=logits.shape), class_names=names, ids=ids)
    np.savez(folder / "labels.npz", labels=labels, ids=ids)
    np.savez(folder / "reader.npz", labels=(logits > 0).astype(np.int8), ids=ids)
    with (folder / "columns.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["id", f"group {TEXTS[0]}", f"text {TEXTS[2]}", f"unit {TEXTS[1]}"])
        for i in range(n):
            rows.writerow([ids[i], TEXTS[i % 5], TEXTS[i % len(TEXTS)], f"{i % 40} {TEXTS[i % 7]}"])
    return HostileFiles(*(folder / name for name in ("scores.npz", "labels.npz", "columns.csv", "reader.npz")))
