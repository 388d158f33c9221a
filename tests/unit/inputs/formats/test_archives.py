import io
import struct
import zipfile

import numpy as np
import pytest

from tests.unit.inputs.reading import read, refusal, written


def archive(members: dict[str, bytes], compression=zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as opened:
        for name, data in members.items():
            opened.writestr(name, data)
    return stream.getvalue()


def npy(array) -> bytes:
    return written(lambda stream: np.save(stream, array))


def test_open_archive_refuses_more_than_the_limit_before_unpacking():
    sentence = refusal(archive({"a.npy": npy(np.zeros(10**6))}), "bomb.npz", max_array_bytes=1_000_000)
    assert "at most 1 MB, but its directory claims 8 MB" in sentence


def test_open_archive_refuses_a_high_ratio_in_a_large_archive():
    sentence = refusal(archive({"a.npy": npy(np.zeros(10**6))}), "bomb.npz", max_unpacked_freely=1_000_000)
    assert "200 times its size" in sentence
    assert "np.savez" in sentence


def test_open_archive_accepts_a_high_ratio_in_a_small_archive():
    labels = np.zeros((10_000, 100), np.int64)  # rare classes pack 1000 : 1
    np.testing.assert_array_equal(read(archive({"labels.npy": npy(labels)}), "a.npz").arrays["labels"], labels)


def test_open_archive_refuses_sizes_that_the_directory_lies_about():
    data = bytearray(archive({"a.npy": npy(np.arange(1000.0))}, zipfile.ZIP_STORED))
    entry = data.index(b"PK\x01\x02")
    struct.pack_into("<II", data, entry + 20, 128 + 8 * 500, 128 + 8 * 500)  # half of what the member's own header says
    assert "must hold 8 kB" in refusal(bytes(data), "a.npz")


def test_open_archive_refuses_a_member_larger_than_the_file():
    data = bytearray(archive({"a.npy": npy(np.arange(10.0))}))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 20, 10**9)
    assert "truncated" in refusal(bytes(data), "a.npz")


def test_open_archive_refuses_damaged_values_by_their_checksum():
    data = bytearray(archive({"a.npy": npy(np.arange(10.0))}, zipfile.ZIP_STORED))
    data[150] ^= 1
    assert "its member 'a.npy' cannot be read (Bad CRC-32" in refusal(bytes(data), "a.npz")


def test_open_archive_refuses_a_truncated_archive():
    assert "truncated" in refusal(archive({"a.npy": npy(np.arange(10.0))})[:-30], "a.npz")


def test_open_archive_refuses_many_members():
    assert "at most 3 members, but holds 4" in refusal(
        archive({f"{i}.npy": npy(np.ones(1)) for i in range(4)}), "a.npz", max_members=3
    )


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_open_archive_refuses_two_members_of_one_name():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        opened.writestr("a.npy", npy(np.ones(1)))
        opened.writestr("a.npy", npy(np.ones(2)))
    assert "two of the same name" in refusal(stream.getvalue(), "a.npz")


def test_open_archive_refuses_other_compressions():
    assert "stored or deflated" in refusal(archive({"a.npy": npy(np.ones(3))}, zipfile.ZIP_LZMA), "a.npz")


def test_open_archive_refuses_a_password():
    data = bytearray(archive({"a.npy": npy(np.ones(3))}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in refusal(bytes(data), "a.npz")


def test_open_archive_refuses_a_huge_directory_without_reading_it():
    data = archive({"a.npy": npy(np.ones(3))}) + b"\0" * 5_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 60_000, 60_000, 4_999_000, len(data) - 4_999_000, 0)
    assert "takes over 4 MB" in refusal(data + end, "a.npz")
