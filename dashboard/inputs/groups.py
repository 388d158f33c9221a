"""The groups of a column: which there are, in which order, and which one each sample is in.

Knows nothing of scores; what a group is called was settled when the column was read.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from dashboard.inputs.columns import ordered_groups


@dataclass(frozen=True, eq=False)
class Groups:
    """names: the groups in the order of `ordered_groups`; codes: (n_samples,) index into `names`, read-only."""

    names: tuple[str, ...]
    codes: np.ndarray

    @classmethod
    def of(cls, values) -> "Groups":
        """Of a column, (n_samples,); values that are no text count as their text."""
        codes, distinct = pd.factorize(np.asarray(values, dtype=object), use_na_sentinel=False)
        texts = [str(value) for value in distinct]
        names = ordered_groups(texts)
        place = {name: index for index, name in enumerate(names)}
        codes = np.array([place[text] for text in texts], dtype=np.int64)[codes]
        codes.flags.writeable = False
        return cls(tuple(names), codes)

    @cached_property
    def sizes(self) -> np.ndarray:
        """Samples of each group: (n_groups,)."""
        return np.bincount(self.codes, minlength=len(self.names))

    def rows(self, name: str) -> np.ndarray:
        """The samples of a group, ascending; raises ValueError for one that there is not."""
        return np.flatnonzero(self.codes == self.names.index(name))

    def largest(self, most: int) -> "Groups":
        """The same with at most `most` groups: beyond that the smallest are one, the last. Itself where they fit."""
        if len(self.names) <= most:
            return self
        kept = np.sort(np.argsort(-self.sizes, kind="stable")[: most - 1])
        places = np.full(len(self.names), most - 1)
        places[kept] = np.arange(most - 1)
        codes = places[self.codes]
        codes.flags.writeable = False
        names = [self.names[index] for index in kept]
        return Groups((*names, f"{len(self.names) - len(kept):,} other groups"), codes)
