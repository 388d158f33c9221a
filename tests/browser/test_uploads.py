"""Large files through a real browser: straight to disk, with progress and abort, and the server's memory flat."""

import re
import time
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settled

MEGABYTE = 1_000_000


def _open_uploader(page: Page) -> Page:
    page.get_by_text("Larger files: up to 4 GB each").click()
    expect(page.get_by_text("or drop them here")).to_be_visible()
    return page


def _choose(page: Page, *paths) -> None:
    page.locator("#files").set_input_files(list(paths))


def _sparse_npy(path: Path, n_samples: int, n_classes: int) -> Path:
    """An .npy file of float32 zeros that takes no room on the disk."""
    header = np.lib.format.header_data_from_array_1_0(np.empty((1, n_classes), np.float32))
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header | {"shape": (n_samples, n_classes)})
        file.truncate(file.tell() + 4 * n_samples * n_classes)
    return path


def _stored(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in (".part", ".file"))


def _memory_of(process_id: int) -> dict[str, int]:
    """Bytes of resident memory by kind, as the kernel states them: RssAnon, RssFile, RssShmem, VmRSS."""
    lines = Path(f"/proc/{process_id}/status").read_text().splitlines()
    return {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.startswith(("Rss", "VmRSS"))}


def _reading_processes(process_id: int) -> list[str]:
    """The server's child processes that read files."""
    children = " ".join(path.read_text() for path in Path(f"/proc/{process_id}/task").glob("*/children")).split()
    commands = [Path(f"/proc/{child}/cmdline").read_text() for child in children if Path(f"/proc/{child}").exists()]
    return [
        command
        for command in commands
        if "dashboard.inputs.conversion" in command or "dashboard.inputs.feature_conversion" in command
    ]


def _becomes(condition) -> bool:
    """Whether it holds within ten seconds."""
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    return condition()


def _slow_down(page: Page, bytes_per_second: float) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second},
    )


@pytest.fixture
def half(tmp_path):
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(500, 4)).astype(np.float32)
    np.save(tmp_path / "my_scores.npy", scores)
    np.save(tmp_path / "my_labels.npy", (scores + rng.normal(size=scores.shape) > 0.5).astype(np.int8))
    return tmp_path / "my_scores.npy", tmp_path / "my_labels.npy"


def test_files_through_the_route_become_the_data_in_view(open_page, half):
    page = _open_uploader(open_page("/data"))
    _choose(page, *half)
    expect(page.get_by_label("What my_labels.npy holds")).to_be_visible()
    settled(page)
    page.get_by_text("logits", exact=True).first.click()
    expect(page.get_by_text("500 samples x 4 classes")).to_be_visible()
    page.get_by_role("button", name="Use this data").click()
    expect(page.locator(".st-key-header")).to_contain_text("500 samples")


def test_progress_is_shown_and_an_abort_leaves_nothing(open_page, tmp_path, half, upload_folder):
    before = _stored(upload_folder)
    page = _open_uploader(open_page("/data"))
    _slow_down(page, 20 * MEGABYTE)
    _choose(page, _sparse_npy(tmp_path / "large.npy", 100_000, 500), half[0])
    figures = page.locator(".figures")
    expect(figures).to_have_text(re.compile(r"[1-9]\d? % · [\d.]+ MB of 200 MB · [\d.]+ MB/s · \d+ s left"))
    assert 0 < page.locator("progress").evaluate("bar => bar.value") < 1
    assert len(_stored(upload_folder)) == len(before) + 1
    page.get_by_role("button", name="Abort").click()
    expect(page.get_by_text("The upload of large.npy was aborted, nothing of it was kept.")).to_be_visible()
    expect(page.locator(".st-key-header")).to_contain_text("handwritten digits")
    expect(page.get_by_text("my_scores.npy has arrived")).to_be_visible()  # the files after it are not aborted with it
    expect(page.get_by_label("What my_scores.npy holds")).to_be_visible()
    assert _becomes(lambda: len(_stored(upload_folder)) == len(before) + 1)
    assert not list(upload_folder.rglob("*.part"))
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_label("What my_scores.npy holds")).to_have_count(0)
    assert _stored(upload_folder) == before


def test_leaving_the_page_ends_an_upload(open_page, tmp_path, upload_folder):
    before = _stored(upload_folder)
    page = _open_uploader(open_page("/data"))
    _slow_down(page, 20 * MEGABYTE)
    _choose(page, _sparse_npy(tmp_path / "large.npy", 100_000, 500))
    expect(page.locator(".figures")).to_contain_text("MB/s")
    page.get_by_role("link", name="Overview").click()
    expect(page.locator(".st-key-sentence")).to_contain_text("micro-F1")
    assert _becomes(lambda: _stored(upload_folder) == before)


def test_an_upload_goes_on_while_the_page_runs_again(open_page, tmp_path, half):
    page = _open_uploader(open_page("/data"))
    _slow_down(page, 20 * MEGABYTE)
    _choose(page, _sparse_npy(tmp_path / "large.npy", 25_000, 500))
    expect(page.locator(".figures")).to_contain_text("MB/s")
    page.locator("input[type=file]").nth(1).set_input_files(half[1])
    expect(page.get_by_test_id("stFileChip").or_(page.get_by_test_id("stFileUploaderFile")).first).to_be_visible()
    expect(page.get_by_text("large.npy has arrived (50 MB).", exact=False)).to_be_visible()


def test_a_file_over_the_limit_is_refused_with_a_sentence(open_page, tmp_path):
    page = _open_uploader(open_page("/data"))
    huge = tmp_path / "huge.npy"
    with huge.open("wb") as file:
        file.truncate(4_000_000_001)
    _choose(page, huge)
    expect(page.get_by_text("huge.npy was not uploaded. It has 4 GB, but at most 4 GB are taken.")).to_be_visible()


@pytest.mark.parametrize("leaves", [False, True], ids=["stopped", "page closed"])
def test_reading_is_shown_and_ends_when_it_is_not_wanted(open_page, tmp_path, running_server, leaves):
    _, process_id = running_server
    slow = tmp_path / "slow.csv"
    slow.write_text("a,b,c,d\n" + "0.1,0.2,0.3,0.4\n" * 6_000_000)
    page = _open_uploader(open_page("/data"))
    _choose(page, slow)
    expect(page.get_by_text(re.compile(r"Reading slow\.csv \(96 MB\): [1-9]\d* s"))).to_be_visible()
    assert len(_reading_processes(process_id)) == 1
    if leaves:
        page.close()
    else:
        page.get_by_role("button", name="Stop reading").click()
        expect(page.get_by_text("Reading was stopped; nothing has changed.")).to_be_visible()
        expect(page.locator(".st-key-header")).to_contain_text("handwritten digits")
    assert _becomes(lambda: not _reading_processes(process_id))


def test_a_large_upload_leaves_the_memory_of_the_server_as_it_was(open_page, tmp_path, running_server, upload_folder):
    _, process_id = running_server
    page = _open_uploader(open_page("/data"))
    path = _sparse_npy(tmp_path / "large.npy", 3_750_000, 100)
    assert path.stat().st_size > 1_500 * MEGABYTE
    before = _memory_of(process_id)["VmRSS"]
    _choose(page, path)
    highest = before
    deadline = time.monotonic() + 120
    while not page.get_by_text("large.npy has arrived").count():
        highest = max(highest, _memory_of(process_id)["VmRSS"])
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)
    assert highest - before < 100 * MEGABYTE
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)
