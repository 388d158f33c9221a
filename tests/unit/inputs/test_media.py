"""What is shown of a cell, and every way out of the folder or into a browser that must not be one."""

import base64
import io
import os
import wave

import numpy as np
import pytest
from PIL import Image

from dashboard.errors import InputError
from dashboard.inputs.media import MAX_BYTES, Medium, kind_of, media_folder, read_medium, short_cell
from dashboard.inputs.png import png_bytes

PNG = png_bytes(np.arange(12, dtype=np.uint8).reshape(3, 4))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def _picture(format):
    file = io.BytesIO()
    Image.new("RGB", (3, 2)).save(file, format)
    return file.getvalue()


def _wav():
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(64))
    return file.getvalue()


def _address(content, mime="image/png"):
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


@pytest.fixture
def folder(tmp_path):
    """A media folder with a secret picture beside it."""
    (tmp_path / "secret.png").write_bytes(PNG)
    inside = tmp_path / "media"
    (inside / "deep").mkdir(parents=True)
    (inside / "a.png").write_bytes(PNG)
    (inside / "deep" / "b.wav").write_bytes(_wav())
    return media_folder(str(inside))


def test_png_bytes_is_read_back_by_pillow():
    picture = np.random.default_rng(0).integers(0, 256, (5, 7), dtype=np.uint8)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(png_bytes(picture)))), picture)
    twice = np.asarray(Image.open(io.BytesIO(png_bytes(picture, scale=2))))
    np.testing.assert_array_equal(twice, picture.repeat(2, axis=0).repeat(2, axis=1))


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP"])
def test_pictures_are_known_by_their_first_bytes(format):
    assert kind_of(_picture(format)) == f"image/{format.lower()}"


@pytest.mark.parametrize("format", ["BMP", "TIFF", "ICO", "PDF"])
def test_other_pictures_are_not_shown(format):
    assert kind_of(_picture(format)) is None


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (_wav(), "audio/wav"),
        (b"fLaC\0\0\0\x22", "audio/flac"),
        (b"OggS\0\2", "audio/ogg"),
        (b"ID3\4\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\0\0\0\x20ftypM4A \0", "audio/mp4"),
        (b"<html>", None),
        (SVG, None),
        (b"", None),
        (b"\xff\xfe<\0h\0", None),
    ],
)
def test_sounds_are_known_by_their_first_bytes(content, mime):
    assert kind_of(content) == mime


def test_a_file_of_the_folder_is_read(folder):
    assert read_medium("a.png", "image", folder) == Medium(PNG, "image/png")
    assert read_medium("deep/b.wav", "audio", folder).mime == "audio/wav"
    assert read_medium("./a.png", "image", folder).content == PNG


def test_a_data_address_is_read_without_a_folder():
    medium = read_medium(_address(PNG), "image", None)
    assert medium == Medium(PNG, "image/png")
    assert medium.address == _address(PNG)


def test_what_a_data_address_says_of_itself_is_not_believed():
    assert read_medium(_address(_picture("JPEG"), "image/png"), "image", None).mime == "image/jpeg"


@pytest.mark.parametrize(
    "cell",
    [
        "../secret.png",
        "deep/../../secret.png",
        "../../../../../../etc/passwd",
        "/etc/passwd",
        "..",
        "deep/../a.png",
        "",
        ".",
        "deep",
        "absent.png",
        "a.png\0.txt",
        "x" * 5000,
        "..\\secret.png",
        "%2e%2e/secret.png",
        "~/secret.png",
    ],
)
def test_a_path_out_of_the_folder_or_to_nothing_is_refused(folder, cell):
    with pytest.raises(InputError):
        read_medium(cell, "image", folder)


def test_an_absolute_path_is_refused_even_into_the_folder(folder):
    with pytest.raises(InputError, match="downwards"):
        read_medium(str(folder / "a.png"), "image", folder)


def test_a_link_out_of_the_folder_is_refused(folder):
    (folder / "link.png").symlink_to(folder.parent / "secret.png")
    (folder / "up").symlink_to(folder.parent)
    for cell in ("link.png", "up/secret.png"):
        with pytest.raises(InputError, match="leads out of it"):
            read_medium(cell, "image", folder)


def test_a_link_within_the_folder_is_followed(folder):
    (folder / "alias.png").symlink_to("a.png")
    assert read_medium("alias.png", "image", folder).content == PNG


def test_a_neighbour_whose_name_begins_alike_is_outside(folder):
    beside = folder.parent / "media-private"
    beside.mkdir()
    (beside / "x.png").write_bytes(PNG)
    (folder / "x").symlink_to(beside)
    with pytest.raises(InputError, match="leads out of it"):
        read_medium("x/x.png", "image", folder)


def test_links_in_a_circle_and_pipes_are_refused(folder):
    (folder / "circle").symlink_to("circle")
    os.mkfifo(folder / "pipe.png")
    for cell in ("circle", "pipe.png"):
        with pytest.raises(InputError, match="readable file"):
            read_medium(cell, "image", folder)


def test_a_folder_given_through_a_link_works(folder):
    link = folder.parent / "linked"
    link.symlink_to(folder)
    assert read_medium("a.png", "image", media_folder(str(link))).content == PNG


@pytest.mark.parametrize(
    "cell",
    [
        "http://example.org/a.png",
        "https://example.org/a.png",
        "HTTPS://example.org/a.png",
        "//example.org/a.png",
        "ftp://example.org/a.png",
        "file:///etc/passwd",
        "file://a.png",
    ],
)
def test_an_address_is_never_fetched(folder, cell):
    with pytest.raises(InputError, match="nothing is fetched"):
        read_medium(cell, "image", folder)


@pytest.mark.parametrize("cell", ["javascript:alert(1)", "blob:x", "file:a.png", " data:image/png;base64,AAAA"])
def test_other_schemes_are_but_names_of_absent_files(folder, cell):
    with pytest.raises(InputError, match="readable file"):
        read_medium(cell, "image", folder)


@pytest.mark.parametrize(
    "cell",
    [
        _address(b"<script>alert(1)</script>", "text/html"),
        "data:text/html,<script>alert(1)</script>",
        _address(SVG, "image/svg+xml"),
        _address(SVG, "image/png"),
        _address(b"<html>", "image/gif"),
        _address(_picture("BMP"), "image/bmp"),
        _address(PNG, "application/octet-stream"),
        _address(PNG, ""),
        _address(PNG, "image/png" + ";x=" + "y" * 400),
        _address(PNG, "audio/wav"),
        "data:image/png;base64,%%%",
        "data:image/png;base64," + "A" * 7,
        "data:image/png",
        "data:",
        "DATA:TEXT/HTML,<b>",
    ],
)
def test_a_data_address_of_another_kind_is_refused(cell):
    role = "audio" if "audio/wav" in cell else "image"
    with pytest.raises(InputError):
        read_medium(cell, role, None)


def test_svg_and_html_files_are_refused_whatever_their_name(folder):
    (folder / "x.png").write_bytes(SVG)
    (folder / "y.png").write_bytes(b"<!DOCTYPE html><script>alert(1)</script>")
    for cell in ("x.png", "y.png"):
        with pytest.raises(InputError, match=r"a picture \(png, jpeg, gif, webp\), but"):
            read_medium(cell, "image", folder)


def test_a_sound_is_no_picture_and_the_other_way_round(folder):
    for cell, role in (("deep/b.wav", "image"), ("a.png", "audio")):
        with pytest.raises(InputError, match="must name a"):
            read_medium(cell, role, folder)


def test_too_much_is_refused_without_being_decoded(folder, monkeypatch):
    (folder / "big.png").write_bytes(PNG + bytes(MAX_BYTES["image"]))
    with pytest.raises(InputError, match="at most 8 MB"):
        read_medium("big.png", "image", folder)
    monkeypatch.setattr("dashboard.inputs.media.base64.b64decode", None)
    with pytest.raises(InputError, match="at most 8 MB") as refused:
        read_medium("data:image/png;base64," + "A" * 20_000_000, "image", None)
    assert len(str(refused.value)) < 200


def test_a_file_needs_a_folder():
    with pytest.raises(InputError, match="--media"):
        read_medium("a.png", "image", None)


def test_media_folder_must_be_one(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "absent", tmp_path / "file"):
        with pytest.raises(InputError, match="must name a folder"):
            media_folder(str(path))


def test_short_cell_tells_the_length_of_an_address_and_cuts_text():
    assert short_cell("data:image/png;base64," + "A" * 1_000) == "data:image/png (1,022 characters)"
    assert short_cell("data:" + "A" * 1_000).startswith("data:A")
    assert len(short_cell("data:" + "A" * 1_000)) < 70
    assert short_cell("x" * 300) == "x" * 199 + "…"
    assert short_cell("short") == "short"
