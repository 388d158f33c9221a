"""The thresholds a visitor has chosen, as one value that never changes: an earlier one brings everything back.

Small values only: a set of thresholds is named by what computes it again (a policy's text) or by the digest it is kept
under. Knows nothing of Streamlit, scores or arrays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dashboard.ui.address import DEFAULT, MAX_OWN_THRESHOLDS, Group, Threshold, parse_group, parse_own, parse_threshold

Place = tuple[str | None, Group | None]  # the run (None: the first) and the group in view when something was chosen
FROM_ADDRESS = "as in the address"


@dataclass(frozen=True)
class AppliedSet:
    """A threshold per class, by name: a policy's text and where it was tuned, or the digest a set is kept under."""

    policy: str | None = None
    tuned_on: Place = (None, None)
    digest: str | None = None


@dataclass(frozen=True)
class Chosen:
    """What is in force: `applied`, or without one `threshold` for all classes; `own` of single classes comes first.

    origin: where the first of them comes from, a phrase. places: class index (None: the first of them) -> where it was
    chosen, as far as that is known.
    """

    threshold: Threshold = DEFAULT
    origin: str = ""
    applied: AppliedSet | None = None
    own: Mapping[int, Threshold] = field(default_factory=dict)
    places: Mapping[int | None, Place] = field(default_factory=dict)

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "Chosen":
        """As an address says it; an address does not say where single thresholds were chosen."""
        threshold = parse_threshold(address.get("t", "")) or DEFAULT
        applied = _applied_of(address)
        origin = "" if threshold == DEFAULT and applied is None else FROM_ADDRESS
        places = {None: applied.tuned_on} if applied is not None and applied.policy else {}
        return cls(threshold, origin, applied, parse_own(address.get("own", ""), n_classes=10**6), places)

    def with_common(self, threshold: Threshold, origin: str, place: Place, *, keep_own: bool) -> "Chosen":
        """One threshold for all classes."""
        own = self.own if keep_own else {}
        return Chosen(threshold, origin, None, own, self._places(own) | {None: place})

    def with_set(self, applied: AppliedSet, origin: str, place: Place) -> "Chosen":
        """A threshold per class, of all classes."""
        return Chosen(self.threshold, origin, applied, {}, {None: place})

    def with_own(self, index: int, threshold: Threshold | None, place: Place) -> "Chosen | None":
        """A class's own threshold, or with None none of its own; None where there are too many already."""
        own = {each: value for each, value in self.own.items() if each != index}
        if threshold is not None:
            if len(own) >= MAX_OWN_THRESHOLDS:
                return None
            own[index] = threshold
        return replace(self, own=own, places=self.places | {index: place})

    def chosen_on(self) -> list[Place]:
        """Where the thresholds in force were chosen, where that is known; that of the default is left out."""
        whole = [] if self.applied is None and self.threshold == DEFAULT else [None]
        return list(dict.fromkeys(self.places[index] for index in [*whole, *sorted(self.own)] if index in self.places))

    def _places(self, own) -> dict:
        return {index: place for index, place in self.places.items() if index in own}


def address_of(applied: AppliedSet | None) -> dict[str, str]:
    """The parameters of an address that name a set."""
    run, group = (None, None) if applied is None else applied.tuned_on
    return {
        "policy": (applied and applied.policy) or "",
        "policy_run": run or "",
        "policy_group": "" if group is None else str(group),
        "set": (applied and applied.digest) or "",
    }


def _applied_of(address) -> AppliedSet | None:
    if address.get("policy"):
        tuned_on = address.get("policy_run") or None, parse_group(address.get("policy_group", ""))
        return AppliedSet(policy=address["policy"], tuned_on=tuned_on)
    return AppliedSet(digest=address["set"]) if address.get("set") else None
