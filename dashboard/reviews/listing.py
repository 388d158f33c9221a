"""Which reviews somebody has: those they own and those their browser knows links of."""

import json
from collections.abc import Iterable
from itertools import islice

from sqlalchemy import Connection, select

from dashboard.reviews.documents import moment, searchable
from dashboard.reviews.links import link_hash
from dashboard.reviews.review import ReviewSummary
from dashboard.reviews.review_rows import Door
from dashboard.reviews.tables import LINKS, REVIEWS

MOST_LISTED = 200


def listed(connection: Connection, door: Door, links: Iterable[str], search: str = "") -> tuple[ReviewSummary, ...]:
    """The last changed first, at most MOST_LISTED; one that is known by several links comes with that to edit."""
    link_of = {link_hash(link): str(link) for link in islice(links, MOST_LISTED)}
    finds = [REVIEWS.c.found_by.contains(word, autoescape=True) for word in searchable(search).split()]
    linked = select(REVIEWS, LINKS.c.hash, LINKS.c.may_edit).join(LINKS).where(LINKS.c.hash.in_(list(link_of)), *finds)
    found = {}
    if owner := door.owner:
        owned = select(REVIEWS).where(REVIEWS.c.owner == owner, *finds)
        found |= {row.id: _summary(row) for row in _first(connection, owned) if door.lets_in(row)}
    for row in _first(connection, linked, LINKS.c.may_edit):
        if door.lets_in(row):
            found[row.id] = _summary(row, link_of[row.hash], row.may_edit)
    return tuple(sorted(found.values(), key=lambda each: each.changed, reverse=True)[:MOST_LISTED])


def _first(connection, query, *then_by):
    return connection.execute(query.order_by(REVIEWS.c.changed_at.desc(), *then_by).limit(2 * MOST_LISTED))


def _summary(row, link=None, may_edit=False):
    told = json.loads(row.summary)
    told["run_names"] = tuple(told["run_names"])
    times = {"created": moment(row.created_at), "changed": moment(row.changed_at)}
    return ReviewSummary(id=row.id, link=link, may_edit=may_edit, **times, **told)
