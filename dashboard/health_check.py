"""Asks a running server of this machine for its health: `python -m dashboard.health_check`, exit status 0 or 1.

For a container, which has no curl. Knows nothing of what health is.
"""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping

SECONDS = 8


def health_address(environment: Mapping[str, str] = os.environ) -> str:
    """Where the server answers, as Streamlit's own variables set it up."""
    port = environment.get("STREAMLIT_SERVER_PORT", "8501")
    base = environment.get("STREAMLIT_SERVER_BASE_URL_PATH", "").strip("/")
    return f"http://127.0.0.1:{port}/{base + '/' if base else ''}health"


def is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(not is_healthy(health_address()))
