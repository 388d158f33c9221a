"""Files of features and labels to one table for training: every format, one file or one per part.

Knows nothing of models; nothing is scaled, filled or split here.
"""

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from dashboard.core.feature_table import FeatureTable
from dashboard.errors import InputError
from dashboard.inputs.content import FileContent, read_file
from dashboard.inputs.feature_file import FeatureFiles, FeatureOptions
from dashboard.inputs.feature_labels import joined_labels
from dashboard.inputs.features_arff import label_matrix_of, read_feature_arff
from dashboard.inputs.features_arrays import read_feature_arrays, read_label_arrays
from dashboard.inputs.features_join import Parts, joined_table
from dashboard.inputs.features_table import read_feature_table, read_label_table
from dashboard.inputs.formats.arff import Arff, is_arff, read_arff
from dashboard.inputs.formats.files import open_source
from dashboard.inputs.formats.label_xml import read_label_names
from dashboard.inputs.limits import DEFAULT_LIMITS, Limits
from dashboard.inputs.names import names_of_files, printable

__all__ = ["FeatureFiles", "FeatureOptions", "read_features"]


def read_features(files: FeatureFiles, *, limits: Limits = DEFAULT_LIMITS, **options) -> FeatureTable:
    """The features and labels of all files; options are the fields of FeatureOptions.

    Raises InputError with one sentence; as ChoiceNeeded where it has to be said first which columns are labels, which
    array holds what, or what a label value means. Parts are those that the files tell, or None.
    """
    choices = FeatureOptions(**options)
    xml_names = None
    if files.xml is not None:
        with _opened(files.xml, limits) as file:
            xml_names = read_label_names(file, limits)
    reader = _Reader(choices, xml_names, limits)
    parts = reader.read(files.features, files.labels)
    for part, source, labels in (
        ("validation", files.validation, files.validation_labels),
        ("test", files.test, files.test_labels),
    ):
        if source is not None:
            parts = _with_part(parts, part, reader.read(source, labels or files.labels))
    return joined_table(_names(files), parts, choices)


class _Reader:
    """Reads each file with the same options; a file of labels is read anew for each file of features."""

    def __init__(self, options: FeatureOptions, xml_names: tuple[str, ...] | None, limits: Limits):
        self._options, self._xml_names, self._limits = options, xml_names, limits

    def read(self, source, labels) -> Parts:
        """labels: a file of labels alone, or None where they are among the features."""
        has_labels = labels is None
        untold = replace(self._options, label_columns=(), n_labels=None, label_prefix=None)
        options = self._options if has_labels else untold
        content = self._content(source)
        if isinstance(content, Arff):
            parts = {None: read_feature_arff(content, options, self._xml_names, has_labels=has_labels)}
        elif content.table is not None:
            parts = {None: read_feature_table(content, options, has_labels=has_labels)}
        else:
            parts = read_feature_arrays(content, options, has_labels=has_labels)
        return parts if has_labels else self._labelled(parts, self._content(labels))

    def _labelled(self, parts: Parts, content) -> Parts:
        if isinstance(content, Arff):
            labels = label_matrix_of(content, self._options, self._xml_names)
        else:
            labels = (read_label_arrays if content.table is None else read_label_table)(content, self._options)
        return {part: joined_labels(file, labels) for part, file in parts.items()}

    def _content(self, source) -> Arff | FileContent:
        with _opened(source, self._limits) as file:
            if is_arff(file):
                return read_arff(file, self._limits)
            return read_file(file.handle, name=file.name, limits=self._limits)


@contextmanager
def _opened(source, limits):
    name, source = source if isinstance(source, tuple) else (None, source)
    with open_source(Path(source) if isinstance(source, str) else source, name, limits) as file:
        yield file


def _names(files: FeatureFiles) -> str:
    source = files.features
    name = source[0] if isinstance(source, tuple) else source if isinstance(source, (str, Path)) else "upload"
    return printable(names_of_files([Path(name).name])[0])


def _with_part(parts: Parts, part: str, more: Parts) -> Parts:
    """The parts of the first file, which is for training where it does not say so itself, and another file's."""
    first = {("train" if name is None else name): file for name, file in parts.items()}
    if part in first:
        raise InputError(
            f"The {part} samples must come from one file, but {first[part].source} has some: leave one out."
        )
    if None not in more or len(more) > 1:
        raise InputError(f"A file for one part must not name parts itself, but that for {part} does: give it alone.")
    return first | {part: more[None]}
