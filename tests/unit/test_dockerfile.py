"""The Dockerfile, read without Docker: what it copies is there, who runs it, and that its settings exist."""

import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from dashboard.health_check import health_address, is_healthy
from dashboard.settings import Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def instructions() -> list[tuple[str, str]]:
    """(INSTRUCTION, its text) with continued lines joined and comments left out."""
    lines = [line for line in TEXT.splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines()
    return [tuple(line.split(maxsplit=1)) for line in joined]


def of(name: str) -> list[str]:
    return [text for instruction, text in instructions() if instruction == name]


def test_every_instruction_is_one_that_docker_knows():
    known = {"FROM", "ARG", "COPY", "RUN", "WORKDIR", "ENV", "VOLUME", "EXPOSE", "USER", "HEALTHCHECK", "CMD"}
    assert {name for name, _ in instructions()} <= known


def test_what_it_copies_is_there_and_not_ignored():
    copied = [path for text in of("COPY") if not text.startswith("--from") for path in text.split()[:-1]]
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for path in copied:
        assert (ROOT / path).exists()
        assert any(each == path or each.startswith(f"{path}/") for each in allowed)
    assert {"app.py", "dashboard", "sample_data", ".streamlit", "requirements.txt", "pyproject.toml"} == set(copied)


def test_it_does_not_run_as_root():
    (user,) = of("USER")
    assert f"--uid {user} " in of("RUN")[1]
    names = [name for name, _ in instructions()]
    assert names.index("USER") < names.index("CMD")


def test_what_the_server_writes_lies_on_the_volume():
    (volume,) = of("VOLUME")
    folders = {each.metadata["variable"] for each in fields(Settings) if each.type is Path}
    for variable in folders:
        assert re.search(rf"\b{variable}={volume}/", of("ENV")[0])


def test_its_variables_are_settings_that_exist():
    ours = {each.metadata["variable"] for each in fields(Settings)}
    assert set(re.findall(r"DASHBOARD_\w+", TEXT)) <= ours


def test_torch_is_for_the_cpu_unless_asked_otherwise_and_pinned_as_everywhere():
    assert of("ARG") == ["TORCH=cpu"]
    install = of("RUN")[0]
    assert "https://download.pytorch.org/whl/${TORCH}" in install
    assert "grep '^torch==' /packages/requirements.txt" in install
    assert re.search(r"^torch==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)


def test_postgresql_object_stores_and_signing_in_are_installed_for_what_the_app_runs_on():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert of("RUN")[0].endswith('install --no-cache-dir -r /packages/requirements.txt "/packages[hosting]"')
    names = {re.split(r"[\[=]", each)[0] for each in extras["hosting"]}
    assert names == {"Authlib", "gcsfs", "httpx", "psycopg", "s3fs"}
    fsspec = re.search(r"^fsspec==(.+)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)[1]
    assert {each.split("==")[1] for each in extras["hosting"] if each.endswith(fsspec)} == {fsspec}  # of one release


def test_it_starts_the_app_and_checks_its_health():
    assert json.loads(of("CMD")[0]) == ["streamlit", "run", "app.py"]
    options, command = of("HEALTHCHECK")[0].split(" CMD ")
    assert "--interval=" in options
    assert json.loads(command) == ["python", "-m", "dashboard.health_check"]


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, "http://127.0.0.1:8501/health"),
        ({"STREAMLIT_SERVER_PORT": "80"}, "http://127.0.0.1:80/health"),
        ({"STREAMLIT_SERVER_BASE_URL_PATH": "/some/base/"}, "http://127.0.0.1:8501/some/base/health"),
    ],
)
def test_the_health_check_asks_where_the_server_answers(environment, address):
    assert health_address(environment) == address


def test_a_server_that_is_not_there_is_not_healthy():
    assert not is_healthy("http://127.0.0.1:9/health")
