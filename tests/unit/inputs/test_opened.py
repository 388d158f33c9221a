from dataclasses import replace

import numpy as np
import pytest

from dashboard.errors import InputError
from dashboard.inputs.opened import VARIABLE, Opened, read_opened, write_opened


@pytest.fixture
def opened(tmp_path):
    np.save(tmp_path / "scores.npy", np.array([[0.5, -1.5], [2.5, 0.5]]))
    np.save(tmp_path / "labels.npy", np.array([[1, -1], [-1, 1]]))
    scores, labels = str(tmp_path / "scores.npy"), str(tmp_path / "labels.npy")
    return Opened({"model": scores}, labels, "logits", readers={"ann": labels}, options={"minus_one": "negative"})


def test_read_opened_without_the_variable_is_none():
    assert read_opened({}) is None


def test_read_opened_gives_the_dataset_that_was_written(tmp_path, opened):
    environment = write_opened(opened, tmp_path / "opened.json")
    assert read_opened(environment).digest == opened.read().digest
    assert list(read_opened(environment).runs) == ["model"]


def test_write_opened_writes_plain_values_only(tmp_path, opened):
    write_opened(opened, tmp_path / "opened.json")
    assert (tmp_path / "opened.json").read_text().startswith('{"scores": {"model": ')


@pytest.mark.parametrize("text", ["", "[1]", '{"unknown": 1}', "null"])
def test_read_opened_refuses_another_file(tmp_path, text):
    (tmp_path / "opened.json").write_text(text)
    with pytest.raises(InputError, match="start the app that way again"):
        read_opened({VARIABLE: str(tmp_path / "opened.json")})


def test_read_opened_says_when_the_data_has_gone(tmp_path, opened):
    environment = write_opened(opened, tmp_path / "opened.json")
    (tmp_path / "labels.npy").unlink()
    with pytest.raises(InputError, match=r"labels\.npy"):
        read_opened(environment)


def test_opened_gives_the_media_folder_to_its_data_and_keeps_its_digest(tmp_path, opened):
    (tmp_path / "pictures").mkdir()
    with_media = replace(opened, media=str(tmp_path / "pictures"))
    environment = write_opened(with_media, tmp_path / "opened.json")
    assert read_opened(environment).media == (tmp_path / "pictures").resolve()
    assert read_opened(environment).digest == opened.read().digest
    assert opened.read().media is None


def test_opened_refuses_an_absent_media_folder(tmp_path, opened):
    with pytest.raises(InputError, match="--media must name a folder"):
        replace(opened, media=str(tmp_path / "absent")).read()
