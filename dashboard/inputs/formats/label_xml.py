"""MULAN's XML file: the names of the attributes that are labels, in its order. Knows nothing of ARFF.

A document type is refused as soon as it begins, so that no entity can grow or fetch anything.
"""

from xml.parsers import expat

from dashboard.errors import InputError
from dashboard.inputs.formats.files import SourceFile
from dashboard.inputs.formats.text import decoded
from dashboard.inputs.limits import Limits, as_size
from dashboard.inputs.names import normalised_names


def read_label_names(file: SourceFile, limits: Limits) -> tuple[str, ...]:
    """The `name` of every `label` element, nested ones included; InputError where there is none."""
    if file.size > limits.max_header_bytes:
        raise InputError(
            f"{file} must be at most {as_size(limits.max_header_bytes)} to be a list of labels, but has "
            f"{as_size(file.size)}: choose the .xml file that belongs to the .arff file."
        )
    text, _ = decoded(file)
    names: list[str] = []

    def begin(element: str, attributes: dict[str, str]) -> None:
        if element.rpartition(":")[2] == "label" and "name" in attributes:
            names.append(attributes["name"])

    def refuse(*_) -> None:
        raise InputError(f"{file} must have no <!DOCTYPE ...>, which can hide what it holds: remove it.")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = begin, refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise InputError(f"{file} must be complete XML, but cannot be read ({error}): save it again.") from None
    if not names:
        raise InputError(
            f'{file} must name labels as MULAN does, <label name="..."/>, but has none: choose the .xml file of the '
            ".arff file."
        )
    return tuple(normalised_names(names, f"label names of {file}"))
