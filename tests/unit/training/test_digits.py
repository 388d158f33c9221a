"""The scans are split before anything is composed, and remaking the shipped files gives the shipped files."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from dashboard import __main__ as command_line
from dashboard.inputs.sample import SAMPLE_FOLDER
from dashboard.training import digits, hasty_reader, sample_files
from dashboard.training.digits import Canvases, compose_canvases, enlarge, read_scans, split_scans
from dashboard.training.hasty_reader import read_hastily
from dashboard.training.sample_files import make_sample_data
from dashboard.training.small_models import PatchModel, fit, make_templates, predict_logits


@pytest.fixture(scope="module")
def scans():
    return read_scans()


@pytest.fixture
def few(monkeypatch):
    """60 canvases a part: enough to use most of a part's scans, quick to compose."""
    monkeypatch.setattr(digits, "PART_SIZES", dict.fromkeys(digits.PARTS, 60))


@pytest.fixture
def canvases(few, scans):
    return compose_canvases("validation", *scans)


def test_split_scans_puts_every_scan_in_exactly_one_part():
    assert sorted(np.concatenate(list(split_scans(1797).values())).tolist()) == list(range(1797))


@pytest.mark.parametrize("part", digits.PARTS)
def test_compose_canvases_uses_no_scan_of_another_part(few, scans, part):
    images, scan_digits = scans
    own = split_scans(len(images))[part]
    others_blackened = np.full_like(images, 16)
    others_blackened[own] = images[own]
    expected = compose_canvases(part, images, scan_digits).images
    np.testing.assert_array_equal(compose_canvases(part, others_blackened, scan_digits).images, expected)


def test_compose_canvases_draws_the_scans_of_its_part(few, scans, canvases):
    images, scan_digits = scans
    own_wiped = images.copy()
    own_wiped[split_scans(len(images))["validation"]] = 0
    assert (compose_canvases("validation", own_wiped, scan_digits).images != canvases.images).any(axis=(1, 2)).all()


def test_compose_canvases_labels_are_the_digits_written(canvases):
    for labels, written in zip(canvases.labels, canvases.digits, strict=True):
        assert set(np.flatnonzero(labels)) == set(written[written >= 0])


def test_compose_canvases_draws_ink_where_digits_are_and_nowhere_else(scans, few, monkeypatch):
    monkeypatch.setattr(digits, "BACKGROUND_WEIGHTS", (1, 0, 0))
    images, scan_digits = scans
    assert (compose_canvases("test", np.zeros_like(images), scan_digits).images == 255).all()


def test_compose_canvases_hides_nothing_of_a_lone_digit(canvases):
    lone = canvases.digits[:, 1] < 0
    assert lone.any()
    assert (canvases.hidden[lone, 0] == 0).all()


def test_enlarge_to_the_same_size_changes_nothing(scans):
    np.testing.assert_array_equal(enlarge(scans[0][5], 8, 8), scans[0][5])


@pytest.mark.parametrize("shape", [(8, 11), (9, 12), (12, 10)])
def test_enlarge_is_bilinear_interpolation_rounded_down(scans, shape):
    scan = scans[0][7]
    exact = torch.nn.functional.interpolate(
        torch.from_numpy(scan[None, None].astype(np.float64)), shape, mode="bilinear", align_corners=False
    )
    # 1e-9: where the exact value is a whole number, the float may fall just below it
    np.testing.assert_array_equal(enlarge(scan, *shape), np.floor(exact[0, 0].numpy() + 1e-9))


def _single(digit, *, height=12, hidden=0, background="plain", writer="steady"):
    row = np.array([[digit, -1, -1, -1]], dtype=np.int8)
    return Canvases(
        images=np.full((1, 24, 32), 255, np.uint8),
        labels=(np.arange(10) == digit)[None].astype(np.int8),
        background=np.array([background]),
        writer=np.array([writer]),
        digits=row,
        heights=np.where(row >= 0, height, -1),
        hidden=np.where(row >= 0, hidden, -1),
    )


def _read(canvases, monkeypatch, *, attention, certainty):
    """The digits read when both draws (0 to 99, small is bad luck) are as given."""
    draws = np.stack([np.full((1, 4), attention), np.full((1, 4), certainty)])
    monkeypatch.setattr(hasty_reader, "generator", lambda purpose: _Fixed(draws))
    return np.flatnonzero(read_hastily(canvases, "validation")[0]).tolist()


class _Fixed:
    def __init__(self, draws):
        self.draws = draws

    def integers(self, high, size):
        assert (high, size) == (100, self.draws.shape)
        return self.draws


@pytest.mark.parametrize(
    ("canvases", "percent"),
    [
        (_single(5), 3),
        (_single(5, hidden=41), 23),
        (_single(5, height=9), 13),
        (_single(5, background="grainy"), 13),
        (_single(1), 18),
        (_single(1, height=8, hidden=20, background="grainy", writer="shaky"), 48),
    ],
)
def test_read_hastily_overlooks_by_the_stated_percent(canvases, percent, monkeypatch):
    digit = int(canvases.digits[0, 0])
    assert _read(canvases, monkeypatch, attention=percent, certainty=99) == [digit]
    assert _read(canvases, monkeypatch, attention=percent - 1, certainty=99) == []


@pytest.mark.parametrize(("writer", "percent"), [("steady", 25), ("shaky", 50)])
def test_read_hastily_takes_an_eight_for_a_three_by_the_stated_percent(writer, percent, monkeypatch):
    canvases = _single(8, writer=writer)
    assert _read(canvases, monkeypatch, attention=99, certainty=percent) == [8]
    assert _read(canvases, monkeypatch, attention=99, certainty=percent - 1) == [3]


def test_read_hastily_reads_nothing_where_nothing_is_written(canvases):
    empty = replace(canvases, digits=np.full_like(canvases.digits, -1))
    assert not read_hastily(empty, "validation").any()


@pytest.fixture
def model(scans):
    return PatchModel(make_templates(*scans), np.full(10, 0.2))


def test_make_templates_have_zero_mean_and_unit_norm(scans):
    templates = make_templates(*scans)
    np.testing.assert_allclose(templates.mean(axis=1), 0, atol=1e-15)
    np.testing.assert_allclose((templates**2).sum(axis=1), 1)


def test_patch_model_sees_a_digit_wherever_it_stands(model, scans):
    ink = np.zeros((2, 24, 32), dtype=np.int64)
    ink[0, 8:16, 8:16] = ink[1, 8:16, 14:22] = scans[0][4]
    here, there = predict_logits(model, (255 - 15 * ink).astype(np.uint8))
    np.testing.assert_allclose(here, there, rtol=1e-12)


def test_fit_with_pos_weight_of_one_is_plain_bce(model, scans, canvases):
    plain = predict_logits(fit(model, canvases.images, canvases.labels), canvases.images)
    weighted = PatchModel(make_templates(*scans), np.full(10, 0.2))
    fit(weighted, canvases.images, canvases.labels, np.ones(10))
    np.testing.assert_allclose(predict_logits(weighted, canvases.images), plain, atol=1e-9)


def test_fit_gives_the_number_of_threads_back(model, canvases):
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        fit(model, canvases.images, canvases.labels)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)


def test_make_sample_data_remakes_the_shipped_files(tmp_path):
    make_sample_data(tmp_path)
    for part in ("validation", "test"):
        with np.load(tmp_path / f"{part}.npz") as made, np.load(SAMPLE_FOLDER / f"{part}.npz") as shipped:
            assert list(made) == list(shipped)
            for name in shipped:
                assert made[name].dtype == shipped[name].dtype
                if name.startswith("scores_"):
                    np.testing.assert_allclose(made[name], shipped[name], rtol=0, atol=1e-3)
                else:
                    np.testing.assert_array_equal(made[name], shipped[name])
    for name in ("labels", "hasty_reader", "columns"):
        file = f"validation_{name}.csv"
        assert (tmp_path / file).read_bytes() == (SAMPLE_FOLDER / file).read_bytes()
    assert {path.name for path in tmp_path.iterdir()} | {"README.md"} == {p.name for p in SAMPLE_FOLDER.iterdir()}


@pytest.mark.parametrize(("arguments", "folder"), [([], SAMPLE_FOLDER), (["elsewhere"], Path("elsewhere"))])
def test_sample_data_command_writes_into_the_named_folder(arguments, folder, monkeypatch):
    made = []
    monkeypatch.setattr(sample_files, "make_sample_data", made.append)
    assert CliRunner().invoke(command_line.app, ["sample-data", *arguments]).exit_code == 0
    assert made == [folder]
