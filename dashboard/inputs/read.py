"""Files in, Dataset or Predictions out, in one call: what the command line and scripts use.

Thin over `propose` and `assemble`; knows nothing of screens.
"""

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from dashboard.core import Predictions
from dashboard.core.scale import SCORE_KINDS
from dashboard.errors import InputError
from dashboard.inputs.assemble import assemble
from dashboard.inputs.content import read_file
from dashboard.inputs.dataset import Dataset
from dashboard.inputs.mapping import LAYOUTS, MEANINGS, ROLES, Mapping, Sources
from dashboard.inputs.propose import propose_mapping

FileSource = str | Path | bytes | BinaryIO


@dataclass(frozen=True)
class DataFiles:
    """The files of one load. scores: run name -> file. labels: None when the first file of scores holds them too.

    class_names: a path, or names, or text to read them from. class_groups: a path to a table of two columns, or a dict.
    """

    scores: dict[str, FileSource]
    labels: FileSource | None = None
    columns: FileSource | None = None
    readers: dict[str, FileSource] = field(default_factory=dict)
    class_names: Path | bytes | str | tuple[str, ...] | None = None
    class_groups: FileSource | dict[str, str] | None = None


@dataclass(frozen=True)
class ReadOptions:
    """What a person settles beforehand; whatever is None keeps its preset or is asked for by a ChoiceNeeded.

    minus_one, missing: the meaning of -1 and of NaN among the labels ("positive", "negative", "unknown").
    label_values: label value as text -> meaning. soft_cut: labels in [0, 1] are positive from here.
    label_layout: one of mapping.LAYOUTS. first_index: 0 or 1. roles: column or array -> one of mapping.ROLES.
    """

    minus_one: str | None = None
    missing: str | None = None
    label_values: dict[str, str] = field(default_factory=dict)
    soft_cut: float | None = None
    label_layout: str | None = None
    first_index: int = 0
    roles: dict[str, str] = field(default_factory=dict)

    def __post_init__(self):
        for meaning in (self.minus_one, self.missing, *self.label_values.values()):
            _check_known("The meaning of a label value", meaning, MEANINGS)
        for role in self.roles.values():
            _check_known("The role of a column", role, ROLES)
        _check_known("The layout of labels", self.label_layout, LAYOUTS)
        if self.first_index not in (0, 1):
            raise InputError(
                f"The index of the first class must be 0 or 1, got {self.first_index}: choose one of them."
            )

    def apply(self, mapping: Mapping) -> Mapping:
        """The mapping with these choices in the place of proposals and presets."""
        for part, role in self.roles.items():
            mapping = _with_role(mapping, part, role)
        values = dict(self.label_values)
        values |= {"-1": self.minus_one} if self.minus_one else {}
        values |= {"NaN": self.missing} if self.missing else {}
        layout = {"layout": self.label_layout} if self.label_layout else {}
        return mapping.with_labels(values=values, soft_cut=self.soft_cut, first_index=self.first_index, **layout)


def read_predictions(
    scores: FileSource, labels: FileSource | None = None, score_kind: str | None = None, *, class_names=None, **options
) -> Predictions:
    """The predictions in one or two files; options are the fields of ReadOptions.

    Raises InputError with one sentence; as ChoiceNeeded where something has to be said first, such as the score kind.
    """
    return read_dataset(DataFiles({"scores": scores}, labels, class_names=class_names), score_kind, **options).first_run


def read_dataset(
    files: DataFiles, score_kind: str | MappingType[str, str] | None = None, *, name: str | None = None, **options
) -> Dataset:
    """Several runs, readers and extra columns as one Dataset; score_kind is for all runs, or run name -> kind."""
    choices = ReadOptions(**options)
    sources = read_sources(files)
    mapping = choices.apply(propose_mapping(sources))
    kinds = score_kind if isinstance(score_kind, MappingType) else dict.fromkeys(files.scores, score_kind)
    for run, kind in kinds.items():
        _check_known("The kind of scores", kind, SCORE_KINDS)
        mapping = mapping.with_score_kind(kind, run)
    return assemble(sources, mapping, name=name)


def read_sources(files: DataFiles) -> Sources:
    """The content of all files, each under the name that people gave it."""
    if not files.scores:
        raise InputError("There must be at least one file of scores, found none: name one.")
    names, groups = files.class_names, files.class_groups
    return Sources(
        {run: read_file(_opened(file)) for run, file in files.scores.items()},
        None if files.labels is None else read_file(_opened(files.labels)),
        None if files.columns is None else read_file(_opened(files.columns)),
        {reader: read_file(_opened(file)) for reader, file in files.readers.items()},
        read_file(names) if isinstance(names, (Path, bytes)) else names,
        groups if groups is None or isinstance(groups, dict) else read_file(_opened(groups)),
    )


def _opened(file):
    return Path(file) if isinstance(file, str) else file


def _with_role(mapping, part, role):
    files = [key for key, uses in mapping.files.items() if part in uses]
    if not files:
        raise InputError(f"A role must be given to a column or array that a file has, and none has {part!r}.")
    for key in files:
        mapping = mapping.with_role(key, part, role)
    return mapping


def _check_known(what, value, known):
    if value is not None and value not in known:
        raise InputError(f"{what} must be one of {', '.join(known)}, got {value!r}: choose one of them.")
