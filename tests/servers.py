"""Starting a server of the app, for tests and benchmarks: its command, a port for it, and when it answers."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

WAIT_S = 60


def app_command(port: int, script: str = "app.py") -> list[str]:
    """Of the app, or of another script, on this machine only; to be run in the project's folder."""
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless", "true"]
    return [*command, "--server.address", "127.0.0.1", "--server.port", str(port)]


def own_folders(folder: Path) -> dict[str, str]:
    """Settings by which a server writes below this folder only."""
    return {f"DASHBOARD_{name}_FOLDER": str(folder / name.lower()) for name in ("UPLOAD", "TRAINING", "REVIEW")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_healthy(url: str, server: subprocess.Popen) -> None:
    """RuntimeError where the server ends before it answers, or does not within a minute."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the server did not become healthy within a minute")
