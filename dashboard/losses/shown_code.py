"""The code of a small function as it is shown: what people read is what runs."""

import inspect
import textwrap
from collections.abc import Callable
from functools import cache


@cache
def code_of(function: Callable) -> str:
    """The lines of the function's body without its docstring, a leading "return" and the indentation."""
    lines = inspect.getsource(function).splitlines()
    start = next(number for number, line in enumerate(lines) if line.rstrip().endswith(":")) + 1
    body = textwrap.dedent("\n".join(lines[start:])).strip()
    return "\n".join(line.removeprefix("return ") for line in body.splitlines())
