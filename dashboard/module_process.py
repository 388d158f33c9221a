"""Starts a module of this project in a process of its own; `multiprocessing` would run the app's script again there.

Knows nothing of what the module does.
"""

import os
import sys
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[1]


def module_command(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def project_environment() -> dict[str, str]:
    """The environment in which `module_command` finds the project from any working directory."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(_PROJECT), os.environ.get("PYTHONPATH", "")])}
