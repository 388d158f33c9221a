"""ARFF files of MULAN (labels listed in an XML file) and MEKA (their number in the relation) as features and labels.

Knows nothing of how the text is read.
"""

import re

import numpy as np

from dashboard.errors import InputError
from dashboard.inputs.cells import is_number
from dashboard.inputs.feature_columns import feature_column
from dashboard.inputs.feature_file import FeatureFile, FeatureOptions
from dashboard.inputs.feature_labels import ask_for_labels, chosen_labels, label_matrix
from dashboard.inputs.features_table import part_of_text
from dashboard.inputs.formats.arff import Arff
from dashboard.inputs.formats.arff_header import NOMINAL, TEXT, Attribute
from dashboard.inputs.matrix import Matrix, ids_as_text
from dashboard.inputs.names import printable, quoted
from dashboard.sentences import few

_MEKA = re.compile(r"-C\s+(-?\d{1,6})(?!\d)", re.IGNORECASE)


def read_feature_arff(
    arff: Arff, options: FeatureOptions, xml_names: tuple[str, ...] | None, *, has_labels: bool
) -> FeatureFile:
    """The labels are the attributes in the XML file, or those the options name, or the number after -C in the relation.

    MEKA's -C n means the first n attributes, or the last where n is negative. Classes keep the order of the attributes.
    """
    source, notices = quoted(arff.name), list(arff.notes)
    position = {attribute.name: i for i, attribute in enumerate(arff.attributes)}
    named = [options.id_column, options.part_column, *options.group_columns]
    if unknown := [
        each for each in [*named, *options.left_out, *options.nominal_columns] if each and each not in position
    ]:
        raise InputError(f"{source} must have the attributes that are named, but has no {few(unknown)}.")
    names = [each for each in position if each not in (*named, *options.left_out)]
    ids = None if options.id_column is None else _ids(_cells(arff, position[options.id_column]), source)
    labels = None
    if has_labels:
        chosen = _labels(arff, names, source, options, xml_names, notices)
        labels = label_matrix({each: _label_values(arff, position[each]) for each in chosen}, source, ids, options)
        names = [each for each in names if each not in set(chosen)]
    nominal = set(options.nominal_columns)
    columns = {each: _feature(arff, position[each], source, is_nominal=each in nominal) for each in names}
    parts = None
    if options.part_column is not None:
        parts = part_of_text(_cells(arff, position[options.part_column]), options.part_column, source)
    groups = {each: _as_group(_cells(arff, position[each])) for each in options.group_columns}
    return FeatureFile(source, arff.values.shape[1], columns, labels, None, ids, parts, groups, tuple(notices))


def label_matrix_of(arff: Arff, options: FeatureOptions, xml_names: tuple[str, ...] | None) -> Matrix:
    """An ARFF file of labels alone: the attributes that are named, or all."""
    names, source = [attribute.name for attribute in arff.attributes], quoted(arff.name)
    position = {each: i for i, each in enumerate(names)}
    chosen = xml_names or chosen_labels(names, source, options) or names
    _check_present(chosen, names, source)
    columns = {each: _label_values(arff, position[each]) for each in chosen if each != options.id_column}
    ids = None if options.id_column not in position else _ids(_cells(arff, position[options.id_column]), source)
    return label_matrix(columns, source, ids, options)


def _labels(arff, names, source, options, xml_names, notices) -> list[str]:
    if xml_names is not None:
        _check_present(xml_names, names, source)
        wanted = set(xml_names)
        return [each for each in names if each in wanted]
    chosen = chosen_labels(names, source, options)
    match = _MEKA.search(arff.relation)
    if chosen is None and match is not None:
        count = int(match[1])
        if not 0 < abs(count) < len(names):
            raise InputError(
                f"The relation of {source} must count its labels, but says -C {count} of {len(names):,} attributes: "
                "correct it, or name the columns of labels."
            )
        chosen = names[:count] if count > 0 else names[count:]
        where = "first" if count > 0 else "last"
        notices.append(
            f"The {where} {abs(count):,} attributes of {source} are labels, as its relation says (-C {count})."
        )
    if chosen is None:
        position = {attribute.name: i for i, attribute in enumerate(arff.attributes)}
        ask_for_labels(names, lambda each: _is_zero_one(arff, position[each]), source)
    return chosen


def _check_present(wanted, names, source):
    if absent := [each for each in wanted if each not in set(names)]:
        raise InputError(
            f"Every label of the .xml file must be an attribute of {source}, but {few(absent)} "
            f"{'is' if len(absent) == 1 else 'are'} not: choose the .xml file that belongs to it."
        )


def _is_zero_one(arff, at) -> bool:
    values = _label_values(arff, at)
    if values.dtype == object:
        return False
    known = values[~np.isnan(values)]
    return bool(len(known)) and bool(np.isin(known, (-1, 0, 1)).all())


def _feature(arff, at, source, *, is_nominal) -> np.ndarray:
    """Numbers, and nominals of at most two numbers such as {0,1}, as numbers; other nominals and text as text."""
    attribute = arff.attributes[at]
    if attribute.kind == NOMINAL and not (_is_numeric(attribute) and len(attribute.values) <= 2 and not is_nominal):
        return _cells(arff, at)
    values = arff.texts[at] if attribute.kind == TEXT else _numbers(arff, at)
    if attribute.kind == TEXT:
        return values
    return feature_column(values, attribute.name, source, is_nominal=is_nominal)


def _label_values(arff, at) -> np.ndarray:
    """Numbers where all values are, else text with None where missing."""
    attribute = arff.attributes[at]
    if (attribute.kind == NOMINAL and not _is_numeric(attribute)) or attribute.kind == TEXT:
        return _cells(arff, at)
    return _numbers(arff, at)


def _numbers(arff, at) -> np.ndarray:
    attribute, values = arff.attributes[at], arff.values[at]
    if attribute.kind != NOMINAL:
        return values
    return np.array([*(float(value) for value in attribute.values), np.nan])[_positions(values)]


def _cells(arff, at) -> np.ndarray:
    """(n_samples,) of text as objects, None where missing; numbers as Python writes them."""
    attribute: Attribute = arff.attributes[at]
    if attribute.kind == TEXT:
        return arff.texts[at]
    if attribute.kind == NOMINAL:
        return np.array([*map(printable, attribute.values), None], dtype=object)[_positions(arff.values[at])]
    return np.array([None if np.isnan(value) else f"{value:g}" for value in arff.values[at]], dtype=object)


def _positions(codes) -> np.ndarray:
    """Codes as indices; -1, the last, where missing."""
    return np.where(np.isnan(codes), -1, codes).astype(np.intp)


def _is_numeric(attribute) -> bool:
    return all(is_number(value) for value in attribute.values)


def _ids(cells, source) -> np.ndarray:
    return ids_as_text(cells, f"the ids of {source}")


def _as_group(cells) -> np.ndarray:
    return np.array(["(missing)" if cell is None else cell for cell in cells], dtype=object)
