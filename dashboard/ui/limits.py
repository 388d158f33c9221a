"""What one visitor may put on this server, and what of it is in use. Every limit answers with a sentence.

Knows nothing of pages.
"""

from dashboard.inputs.dataset import Dataset
from dashboard.inputs.limits import as_size
from dashboard.settings import read_settings
from dashboard.training.jobs import job_registry
from dashboard.ui import cache
from dashboard.ui.array_bytes import buffers_of
from dashboard.ui.arrays import NoRoom, shared_arrays
from dashboard.ui.seats import all_seats

RANKING_PER_SCORES = 1.5  # bytes that ranking takes per byte of scores, at most (README, "Ranking")


def take_in(dataset: Dataset, who: str, opened: list[str]) -> Dataset:
    """The dataset, from now on found by its digest; NoRoom, with nothing changed, where it does not fit.

    who: the visitor, by the id of the seat. opened: what this visitor has opened, the oldest first; of it goes, in that
    order, what is too much for one visitor and nobody else looks at.
    """
    most, n_bytes = read_settings().visitor_bytes, sum(buffers_of(dataset).values())
    if n_bytes > most:
        raise NoRoom(
            f"One visitor's data must take at most {as_size(most)} of this server's memory, but this takes "
            f"{as_size(n_bytes)}: load fewer samples or classes. What was loaded before is still here."
        )
    arrays = shared_arrays()
    arrays.check_room(dataset, int(RANKING_PER_SCORES * dataset.first_run.scores.nbytes))
    kept = cache.keep(dataset)
    arrays.look(who, dataset.digest[: cache.ADDRESS_DIGITS], opened)
    _let_go_of_oldest(opened, n_bytes, most)
    return kept


def _let_go_of_oldest(opened, n_bytes, most) -> None:
    arrays = shared_arrays()
    total = n_bytes + sum(map(arrays.bytes_of_data, opened))
    for digest in opened:
        if total > most and not arrays.is_looked_at(digest):
            total -= arrays.bytes_of_data(digest)
            arrays.drop(digest)


def in_use() -> str:
    """What this server holds and how many visit it, as a phrase of Markdown."""
    arrays, seats, trainings = shared_arrays(), all_seats(), job_registry().overview()
    return (
        f"{as_size(arrays.n_bytes)} of {as_size(arrays.max_bytes)} in arrays of {arrays.n_data} data sets · "
        f"{seats.n_taken} of {seats.n} visitors · {trainings.running} of {trainings.most_running} trainings, "
        f"{trainings.queued} waiting"
    )
