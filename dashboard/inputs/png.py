"""Writes grey pictures of the sample data as PNG, the format every browser shows. Knows nothing of where they go."""

import struct
import zlib

import numpy as np


def png_bytes(picture: np.ndarray, scale: int = 1) -> bytes:
    """A grey picture, uint8 (height, width), as a PNG with each pixel drawn `scale` times in both directions."""
    picture = np.repeat(np.repeat(picture, scale, axis=0), scale, axis=1)
    height, width = picture.shape
    rows = np.zeros((height, width + 1), dtype=np.uint8)  # each row begins with its filter, 0 for none
    rows[:, 1:] = picture
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)  # 8 bits, grey
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
