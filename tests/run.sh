#!/usr/bin/env bash
# Sets up all that the tests need (once) and runs them: lint, unit, reference, pages, browser, security.
# Arguments go to pytest: `bash tests/run.sh tests/unit -k ranking`.
set -euo pipefail
cd "$(dirname "$0")/.."

python_of_venv() { if [ -x "$1/bin/python" ]; then echo "$1/bin/python"; else echo "$1/Scripts/python"; fi; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if [ ! -d .venv ]; then
  for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python; do
    if command -v "$candidate" >/dev/null && new_enough "$candidate"; then "$candidate" -m venv .venv; break; fi
  done
  [ -d .venv ] || { echo "Python 3.11 or newer must be installed; set PYTHON to its path." >&2; exit 1; }
fi
python=$(python_of_venv .venv)

stamp=.venv/requirements.sha
wanted=$(cat requirements.txt tests/requirements.txt | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  "$python" -m pip install --quiet --disable-pip-version-check -r requirements.txt -r tests/requirements.txt
  echo "$wanted" > "$stamp"
fi

find_chromium() {
  for name in chromium chromium-browser google-chrome google-chrome-stable; do command -v "$name" && return; done
  "$python" - <<'PY'
from pathlib import Path
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    if Path(p.chromium.executable_path).exists():
        print(p.chromium.executable_path)
PY
}

install_chromium() {
  if command -v apt-get >/dev/null; then
    local sudo=""; [ "$(id -u)" = 0 ] || sudo="sudo -n"
    $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core \
      >/dev/null && return
  fi
  "$python" -m playwright install chromium
}

CHROMIUM=$(find_chromium || true)
if [ -z "$CHROMIUM" ]; then
  install_chromium
  CHROMIUM=$(find_chromium || true)
fi
[ -n "$CHROMIUM" ] || { echo "A Chromium must be installed for the browser tests; none was found or could be installed." >&2; exit 1; }
export CHROMIUM

"$python" -m ruff check .
"$python" -m ruff format --check .
exec "$python" -m pytest -n 2 --dist loadgroup "$@"
