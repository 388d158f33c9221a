"""What each part of the loaded files is taken for: plain values that a form can show and a person can correct.

Knows nothing of how a proposal is found (`propose`) nor of what follows from it (`assemble`).
"""

from dataclasses import dataclass, field, replace

from dashboard.inputs.content import FileContent
from dashboard.inputs.dataset import COLUMN_ROLES

SCORES, LABELS, SAMPLE_ID, CLASS_NAMES, LEFT_OUT = "scores", "labels", "sample id", "class names", "left out"
ROLES = (SCORES, LABELS, SAMPLE_ID, CLASS_NAMES, *COLUMN_ROLES, LEFT_OUT)

MEANINGS = {"positive": 1, "negative": 0, "unknown": -1}

LAYOUTS = {
    "wide": "one column per class",
    "list": "a list of numbers per row, one number per class",
    "names": "the classes that are true, listed by name or index",
    "index": "exactly one class per row, by index or name",
}

BINS = {
    "values": "each value is a group",
    "quantile": "four groups of about equal size",
    "round": "groups between round numbers",
}


@dataclass(frozen=True)
class Sources:
    """The files of one load, before anybody says what they mean.

    scores: run name -> content. labels: None when they are in the first file of scores.
    readers: reader name -> content. class_names: pasted text, names, or a file. class_groups: a file of two columns.
    """

    scores: dict[str, FileContent]
    labels: FileContent | None = None
    columns: FileContent | None = None
    readers: dict[str, FileContent] = field(default_factory=dict)
    class_names: str | tuple[str, ...] | FileContent | None = None
    class_groups: dict[str, str] | FileContent | None = None

    def files(self) -> dict[str, FileContent]:
        """Each file under its key in a Mapping: "scores: <run>", "labels", "columns", "reader: <name>"."""
        files = {run_key(run): content for run, content in self.scores.items()}
        files |= {"labels": self.labels} if self.labels is not None else {}
        files |= {"columns": self.columns} if self.columns is not None else {}
        return files | {reader_key(name): content for name, content in self.readers.items()}

    @property
    def labels_key(self) -> str:
        """The key of the file that holds the labels."""
        return "labels" if self.labels is not None else run_key(next(iter(self.scores)))


def run_key(run: str) -> str:
    return f"scores: {run}"


def reader_key(reader: str) -> str:
    return f"reader: {reader}"


@dataclass(frozen=True)
class PartUse:
    """What one part of a file (an array, or a column of a table) is taken for, and why.

    role: one of ROLES. class_name: the class of a column of scores or labels. bins: one of BINS, for a group.
    """

    role: str
    reason: str
    class_name: str | None = None
    bins: str = "values"


@dataclass(frozen=True)
class ScoreMapping:
    """The declared kind of one run's scores; `suggested` and `reason` are for the form and never applied."""

    kind: str | None = None
    suggested: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class LabelMapping:
    """How labels are written: their layout (one of LAYOUTS) and what their values mean.

    values: a value as text ("0", "-1", "NaN", "yes") -> "positive", "negative" or "unknown", where the user says so;
    the others keep their preset. soft_cut: labels in [0, 1] count as positive from here. first_index: 0 or 1.
    """

    layout: str = "wide"
    values: dict[str, str] = field(default_factory=dict)
    soft_cut: float | None = None
    first_index: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Mapping:
    """What the files of a load mean: `files` says it for each part of each file (keys as in `Sources.files`)."""

    scores: dict[str, ScoreMapping]
    labels: LabelMapping
    files: dict[str, dict[str, PartUse]]
    readers: dict[str, LabelMapping] = field(default_factory=dict)
    class_names: tuple[str, ...] | None = None
    class_groups: dict[str, str] = field(default_factory=dict)

    def with_score_kind(self, kind: str | None, run: str | None = None) -> "Mapping":
        """The same with this kind declared for one run, or for every run."""
        runs = self.scores if run is None else (run,)
        return replace(self, scores=self.scores | {run: replace(self.scores[run], kind=kind) for run in runs})

    def with_labels(self, **changes) -> "Mapping":
        """The same with some fields of the LabelMapping changed; `values` are added, for the readers' files too."""
        values = changes.pop("values", {})
        labels = replace(self.labels, values=self.labels.values | values, **changes)
        readers = {name: replace(reader, values=reader.values | values) for name, reader in self.readers.items()}
        return replace(self, labels=labels, readers=readers)

    def with_role(self, file: str, part: str, role: str, **changes) -> "Mapping":
        """The same with one part of one file taken for something else."""
        use = replace(self.files[file][part], role=role, reason="chosen by you", **changes)
        return replace(self, files=self.files | {file: self.files[file] | {part: use}})
