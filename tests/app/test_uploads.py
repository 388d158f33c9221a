"""Uploads on the Data page: out of Streamlit's memory, on disk, read apart where that is safer, stopped on demand."""

import io

import numpy as np
import pytest

from dashboard.inputs.conversion import Conversion
from dashboard.ui import upload_cache
from dashboard.ui.file_upload.settings import UploadSettings
from dashboard.ui.file_upload.store import UploadStore
from dashboard.ui.panels.uploads import Uploads

SCORES = np.random.default_rng(0).normal(size=(30, 3)).astype(np.float32)


def _npy(array) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def _npz(array) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, values=array)
    return buffer.getvalue()


@pytest.fixture
def store(tmp_path, monkeypatch):
    """The store of the page, in a folder of the test's own."""
    made = UploadStore(UploadSettings(folder=tmp_path))
    for module in ("uploads", "large_files", "reading"):
        monkeypatch.setattr(f"dashboard.ui.panels.{module}.upload_store", lambda: made)
    yield made
    made.close()


@pytest.fixture
def held_bytes(monkeypatch):
    """Bytes in Streamlit's managers of uploads, after each run."""
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

    managers = []
    build = MemoryUploadedFileManager.__init__
    monkeypatch.setattr(
        MemoryUploadedFileManager, "__init__", lambda self, *rest: (managers.append(self), build(self, *rest))[1]
    )
    return lambda: [manager._total_bytes for manager in managers]


def _files(store):
    return sorted(path.suffix for path in store.folder.iterdir() if path.suffix)


def _put(store, name, data):
    upload = store.open(name, len(data), "a browser")
    upload.write(data)
    return upload.finish()


def _record(file, **other):
    return {"id": file.id, "name": file.name, "size": file.size, "sha256": file.sha256} | other


def _arrived(at, *records):
    """What the component says when these files have arrived."""
    at.session_state["large_upload"] = {"files": list(records)}
    at.run()
    assert not at.exception, at.exception
    return at


def _choose_logits(at):
    for radio in [each for each in at.radio if each.key.startswith("kind_")]:
        radio.set_value("logits")
    return at.run()


def test_a_native_upload_leaves_the_memory_and_stays_usable(visit, store, held_bytes):
    at = visit("data")
    at.file_uploader(key="upload_scores").upload("scores.npy", _npy(SCORES))
    at.file_uploader(key="upload_labels").upload("labels.npy", _npy((SCORES > 0).astype(int)))
    at.run()
    assert held_bytes()[-1] == 0
    assert [len(each.getvalue()) for each in at.session_state["upload_scores"]] == [0]
    assert len(at.session_state["upload_labels"].getvalue()) == 0
    assert _files(store) == [".file", ".file"]
    _choose_logits(at)
    at.run()
    assert not at.error
    assert held_bytes()[-1] == 0
    assert _files(store) == [".file", ".file"]
    at.button(key="use_data").click().run()
    assert any("30 samples" in each.value for each in at.caption)


def test_a_native_upload_that_is_taken_back_leaves_the_disk(visit, store):
    at = visit("data")
    at.file_uploader(key="upload_scores").upload("scores.npy", _npy(SCORES))
    at.run()
    assert _files(store) == [".file"]
    at.file_uploader(key="upload_scores").clear().run()
    assert _files(store) == []


def test_no_room_for_a_native_upload_is_a_sentence(visit, tmp_path, monkeypatch):
    small = UploadStore(UploadSettings(folder=tmp_path, max_total_bytes=10))
    for module in ("uploads", "large_files", "reading"):
        monkeypatch.setattr(f"dashboard.ui.panels.{module}.upload_store", lambda: small)
    at = visit("data")
    at.file_uploader(key="upload_scores").upload("scores.npy", _npy(SCORES))
    at.run()
    assert len(at.error) == 1
    assert "room for 10 bytes more" in at.error[0].value
    small.close()


def test_large_files_load_with_the_role_that_their_name_speaks_for(visit, store):
    scores, labels = _put(store, "big.npy", _npy(SCORES)), _put(store, "big_labels.npz", _npz((SCORES > 0).astype(int)))
    at = _arrived(visit("data"), _record(scores), _record(labels))
    assert [at.selectbox(key=f"role_{file.id}").value for file in (scores, labels)] == ["scores", "labels"]
    _choose_logits(at).button(key="use_data").click().run()
    assert any("30 samples" in each.value for each in at.caption)


def test_a_role_that_was_chosen_stays(visit, store):
    file = _put(store, "big.npy", _npy(SCORES))
    at = _arrived(visit("data"), _record(file))
    at.selectbox(key=f"role_{file.id}").set_value("unused").run()
    assert not at.radio
    at.switch_page("app_pages/classes.py").run()
    at.switch_page("app_pages/data.py").run()
    assert at.selectbox(key=f"role_{file.id}").value == "unused"


def test_two_files_of_labels_are_said(visit, store):
    files = [_put(store, name, _npy((SCORES > 0).astype(int))) for name in ("labels_1.npy", "labels_2.npy")]
    at = _arrived(visit("data"), *map(_record, files))
    assert "2 files are given as labels; the last one is read, labels_2.npy" in at.warning[0].value.replace("\\", "")


@pytest.mark.parametrize("made_up", ["0" * 32, "../../etc/passwd", "", None, 7, ["x"], {"a": 1}])
def test_an_id_that_a_client_made_up_is_nothing(visit, store, made_up):
    file = _put(store, "big.npy", _npy(SCORES))
    at = _arrived(visit("data"), _record(file, id=made_up), {}, "text", None)
    assert not [each for each in at.selectbox if each.key.startswith("role_")]
    assert store.find(file.id)


def test_what_a_client_says_of_a_file_is_not_believed(visit, store):
    file = _put(store, "big.npy", _npy(SCORES))
    at = _arrived(visit("data"), _record(file, name="other.npy", size=5))
    assert any("big.npy · 488 bytes" in each.value.replace("\\", "") for each in at.markdown)


def test_a_value_that_is_no_list_is_nothing(visit, store):
    at = visit("data")
    at.session_state["large_upload"] = {"files": "x"}
    at.run()
    assert not at.exception


def test_remove_deletes_the_file_and_what_was_read_of_it(visit, store):
    file = _put(store, "big.npy", _npy(SCORES))
    at = _arrived(visit("data"), _record(file))
    assert upload_cache.content(file.id, None)
    at.button(key=f"remove_{file.id}").click().run()
    assert not at.exception
    assert _files(store) == []
    with pytest.raises(LookupError):
        upload_cache.content(file.id, None)
    assert not [each for each in at.selectbox if each.key.startswith("role_")]


def test_risky_formats_are_read_in_a_process(visit, store, monkeypatch):
    names = []
    start = Conversion.__init__
    monkeypatch.setattr(
        Conversion, "__init__", lambda self, path, **rest: (names.append(rest["name"]), start(self, path, **rest))[1]
    )
    at = visit("data")
    at.file_uploader(key="upload_scores").upload("scores.npz", _npz(SCORES))
    at.file_uploader(key="upload_labels").upload("labels.npy", _npy((SCORES > 0).astype(int)))
    for _ in range(2):
        at.run()
        assert not at.error
        assert at.radio
        assert names == ["scores.npz"]  # once; the small .npy in place


def test_the_sentence_of_a_fault_comes_through_the_process(visit, store):
    at = visit("data")
    at.file_uploader(key="upload_scores").upload("broken.npz", _npz(SCORES)[:-30])
    at.run()
    assert len(at.error) == 1
    assert "'broken.npz' must be a complete zip archive" in at.error[0].value.replace("\\", "")


def test_stopping_is_said_and_can_be_taken_back(visit, store):
    at = visit("data")
    at.file_uploader(key="upload_scores").upload("scores.npy", _npy(SCORES))
    at.run()
    assert at.radio
    files = (store.find(id) for id in at.session_state["kept:moved_upload_scores"].values())
    at.session_state["kept:stopped_reading"] = Uploads(list(files)).key  # what the button's callback remembers
    at.run()
    assert any("Reading was stopped; nothing has changed." in each.value for each in at.markdown)
    assert not at.radio
    at.button(key="read_again").click().run()
    assert at.radio


def _loaded(visit, name):
    """A visitor who loads the same arrays under this name."""
    at = visit("data")
    for run in ("old", "new"):  # of one run, its file names the run, and thereby the data
        at.file_uploader(key="upload_scores").upload(f"{run}.npy", _npy(SCORES))
    at.file_uploader(key="upload_labels").upload(f"{name}.npy", _npy((SCORES > 0).astype(int)))
    at.run()
    _choose_logits(at).button(key="use_data").click().run()
    return at


def test_who_loads_the_same_arrays_sees_their_own_names(visit, store):
    first, second = _loaded(visit, "secret_of_a"), _loaded(visit, "of_b")
    assert first.session_state["data"] == second.session_state["data"]
    for at, ours, theirs in ((second, "of_b", "secret_of_a"), (first, "secret_of_a", "of_b")):
        at.run()
        said = "".join(each.value for each in at.markdown).replace("\\", "")
        assert ours in said and theirs not in said
