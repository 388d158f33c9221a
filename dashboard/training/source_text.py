"""The source text of functions and classes of this project with everything they need, as one self-contained program.

What people read and run elsewhere is what runs here. Knows nothing of what the text does.
"""

import ast
import builtins
import importlib
import inspect
from collections.abc import Callable
from functools import cache

_PROJECT = "dashboard"


class SourceText:
    """Grows by `add`; imports and definitions come without repetition, each after what it needs."""

    def __init__(self):
        self._imports: set[str] = set()
        self._definitions: dict[str, tuple[str, str]] = {}  # name -> module, text

    def add(self, *objects: Callable) -> "SourceText":
        """Functions or classes at the top of a module, with the functions, classes and constants they name."""
        for each in objects:
            self._add(each.__module__, each.__name__)
        return self

    @property
    def imports(self) -> str:
        """`import x` before `from x import y`."""
        return "\n".join(sorted(self._imports, key=lambda line: (line.startswith("from"), line)))

    @property
    def definitions(self) -> str:
        return "\n\n\n".join(text for _, text in self._definitions.values())

    def _add(self, module: str, name: str, above: frozenset = frozenset()) -> None:
        """above: what is being added and needs this one."""
        definitions, imported = _top_of(module)
        if name in imported:
            source, line = imported[name]
            if source.split(".")[0] == _PROJECT:
                self._add(source, name, above)
            else:
                self._imports.add(line)
        elif (module, name) not in above and not self._has(module, name):
            text, names = definitions[name]
            for needed in names:
                if needed in definitions or needed in imported:
                    self._add(module, needed, above | {(module, name)})
            self._definitions[name] = (module, text)

    def _has(self, module: str, name: str) -> bool:
        """Raises ValueError where another module's definition has the name."""
        home = self._definitions.get(name, (None,))[0]
        if home not in (None, module):
            raise ValueError(f"a name must mean one thing in a program, but {home} and {module} both define {name}")
        return home is not None


@cache
def _top_of(module: str) -> tuple[dict[str, tuple[str, tuple[str, ...]]], dict[str, tuple[str, str]]]:
    """Of a module: definition -> its text and the names in it; imported name -> its module and the line for it."""
    source = inspect.getsource(importlib.import_module(module))
    lines = source.splitlines()
    definitions, imported = {}, {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                line = f"from {node.module} import {_alias(alias)}"
                imported[alias.asname or alias.name] = (node.module, line)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                imported[alias.asname or alias.name] = ("", f"import {_alias(alias)}")
        else:
            start = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
            text = "\n".join(lines[start - 1 : node.end_lineno])
            for name in _defined(node):
                definitions[name] = (text, _named(node))
    return definitions, imported


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]


def _named(node: ast.stmt) -> tuple[str, ...]:
    """The names it reads, in their order; those of its own variables do no harm where no definition has them."""
    names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)]
    return tuple(name for name in dict.fromkeys(names) if not hasattr(builtins, name))


def _alias(alias: ast.alias) -> str:
    return alias.name if alias.asname is None else f"{alias.name} as {alias.asname}"
