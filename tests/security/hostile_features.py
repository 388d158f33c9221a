"""Feature files that try to fill the server's memory or run code; small to write. Some take little room on disk."""

import io
import zipfile
from pathlib import Path

import numpy as np

from tests.security.hostile_files import BOMB_BYTES, write_hostile_files

ATTRIBUTES, SPARSE_ROWS = 1_500, 90_000  # 1 GB of numbers in 0.6 MB of rows
AMONG_OTHERS = ("bomb.npz", "dictionary.parquet", "endless_line.csv", "objects.npz", "renamed.csv", "stride_0.pt")
ENTITIES = "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(9))


def write_hostile_features(folder: Path, marker: Path) -> list[dict[str, str]]:
    """Role -> path, for each set of files. marker: a file that is there afterwards if any of them ran its code."""
    others = {path.name: path for path in write_hostile_files(folder, marker)}
    sets = [{"features": str(others[name])} for name in AMONG_OTHERS]
    sets.append({"features": str(_sparse_arff(folder))})
    sets.append({"features": str(_sound_arff(folder)), "xml": str(_entities(folder))})
    sets.append({"features": str(_sound_arff(folder)), "labels": str(_labels_bomb(folder))})
    sets.append({"features": str(_many_attributes(folder))})
    return sets


def _sparse_arff(folder) -> Path:
    header = "".join(f"@attribute a{i} numeric\n" for i in range(ATTRIBUTES))
    path = folder / "sparse.arff"
    path.write_text(f"@relation r\n{header}@data\n" + "{0 1}\n" * SPARSE_ROWS)
    return path


def _sound_arff(folder) -> Path:
    path = folder / "sound.arff"
    path.write_text("@relation r\n@attribute x numeric\n@attribute a {0,1}\n@data\n1,0\n2,1\n")
    return path


def _entities(folder) -> Path:
    path = folder / "entities.xml"
    path.write_text(f'<!DOCTYPE l [<!ENTITY e0 "lol">{ENTITIES}]><labels><label name="&e9;"/></labels>')
    return path


def _labels_bomb(folder) -> Path:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|i1", "fortran_order": False, "shape": (2, BOMB_BYTES // 2)}
    )
    path = folder / "labels.npz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("labels.npy", "w", force_zip64=True) as member,
    ):
        member.write(header.getvalue())
        for _ in range(BOMB_BYTES // 10_000_000):
            member.write(bytes(10_000_000))
    return path


def _many_attributes(folder) -> Path:
    path = folder / "attributes.arff"
    path.write_text("@relation r\n" + "".join(f"@attribute a{i} {{0,1}}\n" for i in range(30_000)) + "@data\n")
    return path
