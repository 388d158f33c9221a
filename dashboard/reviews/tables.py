"""The tables as `migrations` leave them, for queries. Texts named document, summary, details and manifest are JSON."""

from sqlalchemy import BigInteger, Boolean, Column, Double, ForeignKey, MetaData, Table, Text

METADATA = MetaData()


def _key(name, *more, primary_key=True):
    return Column(name, Text, *more, primary_key=primary_key, nullable=False)


def _needed(name, kind=Text, *more):
    return Column(name, kind, *more, nullable=False)


def _review():
    return _key("review", ForeignKey("reviews.id", ondelete="CASCADE"))


ARRAYS = Table("arrays", METADATA, _key("digest"), _needed("size", BigInteger), _needed("wanted_at", Double))

DATASETS = Table("datasets", METADATA, _key("id"), _needed("digest"), _needed("manifest"), _needed("size", BigInteger))

DATASET_ARRAYS = Table(
    "dataset_arrays",
    METADATA,
    _key("dataset", ForeignKey("datasets.id", ondelete="CASCADE")),
    _key("digest", ForeignKey("arrays.digest")),
)

# version: counted up by what may conflict, versioned_*: when and by whom; changed_at: by anything. size: of the texts.
REVIEWS = Table(
    "reviews",
    METADATA,
    _key("id"),
    _needed("version", BigInteger),
    Column("owner", Text),
    Column("limited_to", Text),
    _needed("created_at", Double),
    _needed("changed_at", Double),
    _needed("versioned_at", Double),
    _needed("versioned_by"),
    _needed("summary"),
    _needed("found_by"),
    _needed("document"),
    _needed("size", BigInteger),
    _needed("data", Text, ForeignKey("datasets.id")),
    Column("held_out", Text, ForeignKey("datasets.id")),
)

LINKS = Table(
    "links",
    METADATA,
    _key("hash"),
    _needed("review", Text, ForeignKey("reviews.id", ondelete="CASCADE")),
    _needed("may_edit", Boolean),
)

THRESHOLD_SETS = Table("threshold_sets", METADATA, _review(), _key("digest"), _needed("content"))

HISTORY = Table(
    "history",
    METADATA,
    _review(),
    Column("number", BigInteger, primary_key=True, nullable=False, autoincrement=False),
    _needed("kind"),
    _needed("at", Double),
    _needed("who"),
    _needed("details"),
)

SNAPSHOTS = Table(
    "snapshots",
    METADATA,
    _review(),
    _key("id"),
    _needed("at", Double),
    _needed("document"),
    _needed("data", Text, ForeignKey("datasets.id")),
    Column("held_out", Text, ForeignKey("datasets.id")),
)

DRAFTS = Table(
    "drafts",
    METADATA,
    _key("session"),
    _needed("changed_at", Double),
    _needed("document"),
    _needed("size", BigInteger),
    Column("data", Text, ForeignKey("datasets.id")),
    Column("held_out", Text, ForeignKey("datasets.id")),
)

TRAININGS = Table("trainings", METADATA, _key("id"), _needed("state"), _needed("plan"), _needed("noted_at", Double))
