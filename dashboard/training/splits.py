"""Which sample goes to training, validation and test: each class spread over the parts as the samples are.

Knows nothing of features. Iterative stratification: Sechidis, Tsoumakas and Vlahavas, ECML PKDD 2011, algorithm 1.
"""

from collections.abc import Sequence

import numpy as np

from dashboard.core.feature_table import PARTS
from dashboard.training.data import PART_WORDS
from dashboard.training.plan import PlanError

_MOST_MOVES = 200  # of one window
_MOST_TO_SWAP = 1_000  # samples in a window
_CELLS_AT_ONCE, _FEWEST_AT_ONCE = 400_000, 200


def stratified_parts(labels: np.ndarray, shares: Sequence[float], seed: int = 0) -> np.ndarray:
    """The part of each sample, (n_samples,) indices into `shares` (which sum to 1); same seed, same parts.

    labels: int8 (n_samples, n_classes): 1, 0, -1 unknown. The rarest class is dealt out first, each sample to the part
    that lacks most of that class, the emptier one among equals. Where a class has fewer known negatives than
    positives, its negatives are spread as well. A class's only positive goes to the largest part.
    """
    is_rarer = (labels == 0).sum(axis=0) < (labels == 1).sum(axis=0)
    indicators = np.concatenate([(labels == 1).T, (labels == 0).T[is_rarer]])
    order = np.random.Generator(np.random.PCG64([seed, *b"split"])).permutation(len(labels))
    parts = np.empty(len(labels), dtype=np.intp)
    indicators, shares = np.ascontiguousarray(indicators[:, order]), np.asarray(shares, dtype=np.float64)
    parts[order] = _levelled(deal_out(indicators, shares), indicators, shares)
    return parts


def split_rows(
    labels: np.ndarray, settings: dict, seed: int, given: np.ndarray | None = None
) -> tuple[dict[str, np.ndarray], list[str]]:
    """The rows of each part in their order, and what to say about it.

    settings: validation_share and test_share. given: (n_samples,) of PARTS as the files say; of those three, a part
    that is absent is taken from the training samples, by its share of these. PlanError where a part would be empty.
    """
    shares = {"validation": settings["validation_share"], "test": settings["test_share"]}
    present = [] if given is None else [part for part in PARTS if (given == part).any()]
    if present and "train" not in present:
        raise PlanError(
            f"There must be samples to train on, but all {len(labels):,} are marked {' or '.join(present)}: mark some "
            "as train, or leave the marks out."
        )
    rows = {part: np.flatnonzero(given == part) for part in present} or {"train": np.arange(len(labels))}
    absent = [part for part in PARTS if part not in rows]
    if absent:
        rows |= _taken_from_training(labels, rows["train"], [shares[part] for part in absent], absent, seed)
    return {part: rows[part] for part in PARTS}, [_sentence(rows, present, absent)]


def _taken_from_training(labels, train, shares, absent, seed) -> dict[str, np.ndarray]:
    wanted = [1 - sum(shares), *shares]
    if min(wanted) * len(train) < 0.5:
        raise PlanError(
            f"Each part must get a sample, but {len(train):,} are too few for shares of "
            f"{', '.join(f'{share:.3g}' for share in wanted)}: add samples, or choose larger shares."
        )
    parts = stratified_parts(labels[train], wanted, seed)
    for place, part in enumerate(("train", *absent)):
        if not (parts == place).any():
            raise PlanError(
                f"Each part must get a sample, but of {len(train):,} to split none is left for {part}: add samples, "
                "or choose larger shares."
            )
    return {part: train[parts == place] for place, part in enumerate(("train", *absent))}


def _sentence(rows, present, absent) -> str:
    sizes = ", ".join(f"{len(rows[part]):,} for {word}" for part, word in PART_WORDS.items())
    if not absent:
        return f"The parts are those of the files: {sizes}."
    if not present:
        return f"The samples were split with every class spread alike: {sizes}."
    return f"{' and '.join(absent).capitalize()} came from the training samples of the files: {sizes}."


def deal_out(indicators: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The part of each sample; indicators: bool (n_indicators, n_samples), samples in the order they are dealt in."""
    n_samples = indicators.shape[1]
    parts = np.full(n_samples, -1, dtype=np.intp)
    room = list(shares * n_samples)
    left = indicators.sum(axis=1)
    wanted = shares[:, None] * left
    while left.any():
        rarest = int(np.where(left > 0, left, n_samples + 1).argmin())
        rows = np.flatnonzero(indicators[rarest] & (parts < 0))
        # Every one of these samples weighs the same for this indicator: who goes where needs no other column.
        parts[rows] = dealt = _fill(list(wanted[:, rarest]), room, len(rows))
        for part in range(len(shares)):
            taken = indicators[:, rows[dealt == part]].sum(axis=1)
            wanted[part] -= taken
            left -= taken
    rows = np.flatnonzero(parts < 0)
    parts[rows] = _fill(list(room), room, len(rows))
    return parts


def _fill(wanted: list[float], room: list[float], count: int) -> np.ndarray:
    """Deals `count` samples out one by one, each to the part that wants most; room is lowered in place."""
    dealt = np.empty(count, dtype=np.intp)
    for i in range(count):
        part = max(range(len(room)), key=lambda part: (round(wanted[part], 9), round(room[part], 9)))
        wanted[part] -= 1
        room[part] -= 1
        dealt[i] = part
    return dealt


def _levelled(parts: np.ndarray, indicators: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The same after moves of single samples and swaps of two, each of which lowers the sum of squared surpluses.

    A surplus is what a part has of an indicator, or of samples, beyond its share. Dealing out leaves some for common
    classes, whose samples are nearly gone when their turn comes.
    """
    counted = np.concatenate([indicators, np.ones((1, len(parts)), dtype=bool)])
    found = np.stack([counted[:, parts == part].sum(axis=1) for part in range(len(shares))])
    surplus = found - np.outer(shares, counted.sum(axis=1))
    n_at_once = max(_FEWEST_AT_ONCE, _CELLS_AT_ONCE // len(counted))
    for start in range(0, len(parts), n_at_once):
        window = slice(start, start + n_at_once)
        _move(parts[window], np.ascontiguousarray(counted[:, window].T, dtype=np.float64), surplus)
    return parts


def _move(parts: np.ndarray, samples: np.ndarray, surplus: np.ndarray) -> None:
    """Moves the best sample to its best part, or two change places, until neither helps; changes parts and surplus."""
    rows, weights = np.arange(len(parts)), samples.sum(axis=1)
    for _ in range(_MOST_MOVES):
        load = samples @ surplus.T
        # Half of what the sum of squares loses; rounded, so that machines agree on what is equal.
        gains = np.round(load[rows, parts][:, None] - load - weights[:, None], 6)
        gains[rows, parts] = 0
        sample, part = np.unravel_index(int(gains.argmax()), gains.shape)
        moves = [(sample, part)] if gains[sample, part] > 0 else _best_swap(parts, samples, gains)
        if not moves:
            return
        for sample, part in moves:
            surplus[parts[sample]] -= samples[sample]
            surplus[part] += samples[sample]
            parts[sample] = part


def _best_swap(parts: np.ndarray, samples: np.ndarray, gains: np.ndarray) -> list[tuple[int, int]]:
    """The two moves of the pair of samples of different parts that gains most by changing places; none if none does.

    gains: (n_samples, n_parts) of single moves. Only where the pairs are few: with many samples moves alone level well.
    """
    if len(parts) > _MOST_TO_SWAP:
        return []
    of_pairs = gains[:, parts] + gains[:, parts].T + 2 * samples @ samples.T
    of_pairs[parts[:, None] == parts] = 0
    one, other = np.unravel_index(int(of_pairs.argmax()), of_pairs.shape)
    return [(one, parts[other]), (other, parts[one])] if of_pairs[one, other] > 1e-6 else []
