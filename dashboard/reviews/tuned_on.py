"""What thresholds were tuned on, as a file tells it, and whether that is what lies here. Imports core only."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.core import Predictions

SAME, ELSEWHERE_IN_IT, OTHER, UNTOLD = "the same samples", "another run or group", "other data", "not told"


@dataclass(frozen=True, eq=False)
class TunedOn:
    """The samples that thresholds are tuned on: those of one run of the data, or of one group of them.

    digest: of all that was loaded. group: as an address names it, None for all samples.
    """

    predictions: Predictions
    digest: str
    run: str
    group: str | None = None

    def as_dict(self) -> dict:
        """Plain values for a file."""
        told = {"digest": self.digest, "samples_digest": self.predictions.tuning_digest, "run": self.run}
        told["n_samples"] = self.predictions.n_samples
        return told if self.group is None else told | {"group": self.group}

    def compared(self, told: Mapping | None) -> str:
        """How what a file tells compares with these samples: SAME, ELSEWHERE_IN_IT, OTHER or UNTOLD.

        "samples_digest" decides where it is told: the digest of all that was loaded changes with a reader or a column
        that no threshold depends on. Files from before it was told are known by the other digest, run and group.
        """
        told = told or {}
        if told.get("samples_digest"):
            if told["samples_digest"] == self.predictions.tuning_digest:
                return SAME
        elif not told.get("digest"):
            return UNTOLD
        elif (told["digest"], told.get("run", self.run), told.get("group")) == (self.digest, self.run, self.group):
            return SAME
        return ELSEWHERE_IN_IT if told.get("digest") == self.digest else OTHER
