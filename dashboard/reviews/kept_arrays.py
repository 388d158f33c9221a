"""The arrays of all reviews: each kept once, counted against the quota, deleted when nothing uses it.

An array is noted in the database as wanted before its file is written, and used from the transaction on that keeps
what it belongs to. Between the two it is safe for GRACE_S, which a save may take.
"""

import hashlib
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from dashboard.reviews.array_files import ArrayRef
from dashboard.reviews.blobs import FolderBlobs, ObjectBlobs
from dashboard.reviews.database import Database
from dashboard.reviews.manifests import Packed, unpacked
from dashboard.reviews.review_data import ReviewData
from dashboard.reviews.review_errors import QuotaReached, ReviewError, StoreUnavailable
from dashboard.reviews.tables import ARRAYS, DATASET_ARRAYS, DATASETS, DRAFTS, REVIEWS, SNAPSHOTS

GRACE_S = 3600.0
_AT_ONCE = 200


@dataclass(frozen=True)
class KeptData:
    """Data whose arrays are kept and may now be used. id: hash of the manifest."""

    id: str
    digest: str
    manifest: str
    arrays: frozenset[str]


class KeptArrays:
    """clock: seconds since 1970. max_bytes: of all arrays and texts, None for any number."""

    def __init__(
        self, database: Database, blobs: FolderBlobs | ObjectBlobs, max_bytes: int | None, clock: Callable[[], float]
    ):
        self._database, self._blobs, self._max_bytes, self._clock = database, blobs, max_bytes, clock

    def keep(self, data: ReviewData) -> KeptData:
        """Returns when every array is safe; nothing refers to them yet."""
        packed = Packed(data)
        try:
            self._want(packed.files)
        except QuotaReached:
            self.sweep()
            self._want(packed.files)
        with _asked_to("take"):
            for file in packed.files.values():
                if not self._blobs.has(file.ref):
                    self._blobs.write(file)
            self._blobs.settle()
        id = hashlib.sha256(packed.manifest.encode()).hexdigest()
        return KeptData(id, data.digest, packed.manifest, frozenset(packed.files))

    def use(self, connection: Connection, kept: KeptData) -> None:
        """Notes the data in the transaction that keeps what it belongs to."""
        if connection.execute(select(DATASETS.c.id).where(DATASETS.c.id == kept.id)).first():
            return
        known = select(func.count()).where(ARRAYS.c.digest.in_(kept.arrays))
        if connection.execute(known).scalar_one() != len(kept.arrays):
            raise ReviewError("A save must end within an hour, but this one took longer: save again.")
        size = len(kept.manifest)
        self.check_room(connection, size)
        values = {"id": kept.id, "digest": kept.digest, "manifest": kept.manifest, "size": size}
        connection.execute(insert(DATASETS).values(values))
        connection.execute(
            insert(DATASET_ARRAYS), [{"dataset": kept.id, "digest": digest} for digest in sorted(kept.arrays)]
        )

    def load(self, manifest: str) -> ReviewData:
        """The data, each of its arrays compared with its digest."""
        return unpacked(manifest, self._read)

    def check_room(self, connection: Connection, more: int) -> None:
        """QuotaReached where so many bytes more are too many."""
        if self._max_bytes is None or more <= 0:
            return
        used = bytes_used(connection)
        if used + more > self._max_bytes:
            raise QuotaReached(
                f"All reviews together may have {self._max_bytes:,} bytes here and have {used:,}, so that these "
                f"{more:,} more have no room: delete a review, save fewer samples, or ask who hosts this app."
            )

    def sweep(self) -> int:
        """Deletes the arrays that nothing uses and nobody wanted within GRACE_S; returns their bytes."""
        oldest, freed = self._clock() - GRACE_S, 0
        with self._database.writing() as connection:
            drop_unused_datasets(connection)
        while bytes_freed := self._sweep_some(oldest):
            freed += bytes_freed
        with _asked_to("delete"):
            self._blobs.remove_parts(oldest)
        return freed

    def _sweep_some(self, oldest):
        """One transaction: until it ends nobody can want these arrays, so no save counts on a file that goes."""
        is_used = select(DATASET_ARRAYS.c.digest).where(DATASET_ARRAYS.c.digest == ARRAYS.c.digest).exists()
        unused = select(ARRAYS.c.digest, ARRAYS.c.size).where(~is_used, ARRAYS.c.wanted_at < oldest).limit(_AT_ONCE)
        with self._database.writing() as connection:
            found = connection.execute(unused).all()
            with _asked_to("delete"):
                for digest, _ in found:
                    self._blobs.remove(digest)
            connection.execute(delete(ARRAYS).where(ARRAYS.c.digest.in_([digest for digest, _ in found])))
        return sum(size for _, size in found)

    def _want(self, files):
        with self._database.writing() as connection:
            known = set(connection.scalars(select(ARRAYS.c.digest).where(ARRAYS.c.digest.in_(files))))
            new = [file.ref for digest, file in files.items() if digest not in known]
            self.check_room(connection, sum(ref.size for ref in new))
            now = self._clock()
            connection.execute(update(ARRAYS).where(ARRAYS.c.digest.in_(known)).values(wanted_at=now))
            if new:
                rows = [{"digest": ref.digest, "size": ref.size, "wanted_at": now} for ref in new]
                connection.execute(insert(ARRAYS), rows)

    def _read(self, ref: ArrayRef):
        with _asked_to("give"):
            return self._blobs.read(ref)


def bytes_used(connection: Connection) -> int:
    """Of all arrays and texts."""
    sums = [select(func.coalesce(func.sum(table.c.size), 0)) for table in (ARRAYS, DATASETS, REVIEWS, DRAFTS)]
    return sum(int(connection.execute(each).scalar_one()) for each in sums)


def drop_unused_datasets(connection: Connection) -> None:
    """Of deleted and changed reviews; their arrays are then free for the sweep."""
    uses = [
        select(column).where(column == DATASETS.c.id).exists()
        for table in (REVIEWS, SNAPSHOTS, DRAFTS)
        for column in (table.c.data, table.c.held_out)
    ]
    connection.execute(delete(DATASETS).where(~or_(*uses)))


@contextmanager
def _asked_to(verb):
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__  # the text of other errors may name addresses and keys
        raise StoreUnavailable(
            f"The store of the reviews' arrays must {verb} files, but says: {reason}. Nothing was changed; try again, "
            "or tell who hosts this app."
        ) from error
