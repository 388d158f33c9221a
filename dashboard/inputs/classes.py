"""What people bring about the classes themselves: their names in order, and a grouping of them.

Knows nothing of scores and labels.
"""

import json

from dashboard.errors import InputError
from dashboard.inputs.content import FileContent
from dashboard.inputs.names import normalised_names, printable, quoted
from dashboard.inputs.parts import part_names, part_values


def read_class_names(source: str | tuple[str, ...] | list[str] | FileContent | None) -> tuple[str, ...] | None:
    """Names in the order of the score columns, from pasted text (JSON, lines or commas), a list, or a file."""
    if source is None or (isinstance(source, str) and not source.strip()):
        return None
    names = _names_in_file(source) if isinstance(source, FileContent) else source
    names = _names_in_text(names) if isinstance(names, str) else names
    return tuple(normalised_names(names, "class names"))


def read_class_groups(source: dict[str, str] | FileContent | None) -> dict[str, str]:
    """Class name -> group, from a mapping or a file with two columns: the class, then its group."""
    if source is None:
        return {}
    if isinstance(source, FileContent):
        parts = part_names(source)
        if len(parts) != 2:
            raise InputError(
                f"A grouping of classes must have two columns, the class and its group, found {len(parts)} in "
                f"{quoted(source.name)}: keep these two."
            )
        classes, groups = (part_values(source, part).ravel().tolist() for part in parts)
        classes = normalised_names(classes, f"classes of {source.name}")
        return {name: printable(group) for name, group in zip(classes, groups, strict=True)}
    return {printable(name): printable(group) for name, group in source.items()}


def _names_in_text(text):
    if text.lstrip().startswith("["):
        try:
            names = json.loads(text)
        except (ValueError, RecursionError):
            raise InputError(
                "Class names that start with a bracket must be a JSON list of texts: correct the list."
            ) from None
        if not all(isinstance(name, (str, int, float)) for name in names):
            raise InputError("Class names must be a plain JSON list of texts: correct the list.")
        return names
    separator = (
        "\n" if "\n" in text.strip() else "\t" if "\t" in text else "," if "," in text else ";" if ";" in text else "\n"
    )
    return [name for name in text.strip().split(separator) if name.strip()]


def _names_in_file(content):
    parts = part_names(content)
    if not parts:
        raise InputError(
            f"{quoted(content.name)} must list the names of the classes, and is empty: write one per line."
        )
    if content.table is not None and len(content.table) == 0:
        return parts  # a file with one line of names: the reader took it for a header
    if len(parts) > 1 and content.table is not None:
        is_row_of_names = len(content.table) == 1 and not content.has_header
        return [str(part_values(content, part)[0]) for part in parts] if is_row_of_names else _only_column(content)
    names = [str(name) for name in part_values(content, parts[0]).ravel().tolist()]
    is_name = (
        content.table is not None
        and content.has_header
        and parts[0].lower() not in ("class", "classes", "name", "names")
    )
    return [parts[0], *names] if is_name else names


def _only_column(content):
    raise InputError(
        f"A file of class names must have one name per line or one line of names, found {len(content.table):,} rows of "
        f"{len(content.table.columns)} columns in {quoted(content.name)}: keep the names."
    )
