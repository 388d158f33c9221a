"""What a policy is: a rule, with its parameters, that turns scores and labels into decisions.

Knows nothing of any one policy: `registry` lists them. A policy is named by a short text ("precision_floor:floor=0.9")
in an address, on the command line and in an exported file.

`details` of what a policy returns, as far as they apply:
  policy, parameters    its name and parameters
  metric, value         what it makes best, in words, and the value reached on the samples it was tuned on
  dropped, kept         (n_classes,) every score threshold in (dropped, kept] decides the same on these samples
  states                tuple of (n_classes,) words, of those below
  reached               dict of further figures per class, name -> (n_classes,)
  certificate           dict: the proof of optimality (trace, bound, gap, exact or heuristic)
  judged                "held out" or "cross-fitted" where states and reached are not of the samples tuned on
  closest               (n_classes,) where a floor is unreachable, the score threshold that comes closest to it
  windows               per class an array (n_windows, 2): every threshold in (low, high] meets both floors
  groups                dict: value of the column -> how many classes have thresholds of their own there
  shrinkage             dict of (n_classes,): "own" and "pooled" score thresholds, and the "weight" of the own one
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote, unquote

import numpy as np

from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.scale import round_up
from dashboard.core.thresholds import ThresholdSet

OPTIMUM = "optimum"
CALIBRATED = "cut on calibrated scores"
BEST_FOUND = "best found by a search, perhaps not the best there is"
MET = "met"
NOT_PROVEN = "met, not proven"
UNREACHABLE = "unreachable"
NOT_MET = "not met"
NO_POSITIVES = "no known positives"
TOO_FEW = "too few positives to tune"
SHRUNKEN = "drawn towards the pooled threshold"
LOCKED = "locked"


WORDS = {"f1": "F1", "f_beta": "F-beta", "jaccard": "Jaccard", "subset_accuracy": "exact match"}
WORDS |= {"hamming_loss": "Hamming loss", "platt": "Platt", "temperature_per_class": "temperature per class"}
WITHOUT_AVERAGE = ("subset_accuracy", "hamming_loss")


class Rule(Protocol):
    """What decides: a ThresholdSet, or a rule over whole samples."""

    details: dict

    def predict(self, p: Predictions) -> np.ndarray:
        """(n_samples, n_classes) bool decisions."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a policy. `default` gives its type: a float, int, bool or str (then `choices` are allowed)."""

    name: str
    default: float | int | bool | str
    label: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    def parse(self, text: str):
        """The value a text says; raises ValueError with what must hold."""
        kind = type(self.default)
        text = unquote(text) if kind is str else text
        try:
            value = text == "True" if kind is bool and text in ("True", "False") else kind(text)
        except ValueError:
            raise ValueError(f"{self.name} must be of type {kind.__name__}, got {text!r}") from None
        return self.checked(value)

    def text_of(self, value) -> str:
        """The text that `parse` reads back; a name of any letters is written as in an address, without , = and :."""
        return quote(value, safe="") if isinstance(value, str) else str(value)

    def checked(self, value):
        """The value itself, where it is allowed."""
        if self.choices and value not in self.choices:
            raise ValueError(f"{self.name} must be one of {', '.join(self.choices)}, got {value!r}")
        if (self.low is not None and not value >= self.low) or (self.high is not None and not value <= self.high):
            raise ValueError(f"{self.name} must lie in [{self.low}, {self.high}], got {value!r}")
        return value


@dataclass(frozen=True)
class PolicyKind:
    """An entry of the registry.

    function(r, **parameters) -> Rule. title: its name on screen, with {parameters}. maximises: in words, what it is
    best at, or what it stands for. takes_locked: function also takes `locked` (see `Policy.tune`) and optimises the
    rest given those; other functions that give a ThresholdSet are separable, and locked classes replace theirs.
    by_sample: its function or rule passes over whole samples (slow on large data).
    """

    name: str
    title: str
    maximises: str
    function: Callable[..., Rule]
    parameters: tuple[Parameter, ...] = ()
    takes_locked: bool = False
    by_sample: bool = False


@dataclass(frozen=True)
class Policy:
    """A kind with its parameters, ready to tune."""

    kind: PolicyKind
    parameters: Mapping[str, float | int | bool | str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """In words, with every parameter that is not at its default or has a place in the kind's title."""
        words = {name: _word(name, value) for name, value in self.parameters.items()}
        if self.parameters.get("metric") in WITHOUT_AVERAGE:
            words["average"] = ""
        untold = [p for p in self._differing if f"{{{p.name}}}" not in self.kind.title and words[p.name]]
        also = "; ".join(
            f"{p.label[0].lower()}{p.label[1:]}: {words[p.name]}"
            for p in untold
            if p.name != "beta" or self._takes_beta
        )
        return " ".join(self.kind.title.format(**words).split()) + (f" ({also})" if also else "")

    @property
    def _takes_beta(self):
        return self.parameters.get("metric", "f_beta") == "f_beta"

    @property
    def _differing(self):
        return [p for p in self.kind.parameters if self.parameters[p.name] != p.default]

    def tune(self, r: RankedScores, locked: Mapping[int, float] | None = None) -> Rule:
        """The rule for these scores. locked: class index -> score threshold that has to stay as it is."""
        options = dict(self.parameters)
        if not locked:
            return self.kind.function(r, **options)
        if self.kind.takes_locked:
            return self.kind.function(r, locked=locked, **options)
        return with_locked(self.kind.function(r, **options), locked, r.predictions)

    def take(self, rows) -> "Policy":
        """The policy for some of the samples: itself, unless it holds something per sample."""
        return self

    def __str__(self) -> str:
        """As `registry.parse_policy` reads it; parameters at their default are left out."""
        told = ",".join(f"{p.name}={p.text_of(self.parameters[p.name])}" for p in self._differing)
        return f"{self.kind.name}:{told}" if told else self.kind.name


def _word(name, value):
    if name == "at_most" and not value:
        return "any number of"
    if name != "base":
        return f"{value:g}" if isinstance(value, float) else WORDS.get(value, value)
    from dashboard.core.policies.registry import parse_policy  # which is made of what stands here

    return parse_policy(value).title


def with_locked(rule: Rule, locked: Mapping[int, float], p: Predictions) -> Rule:
    """A ThresholdSet with the thresholds of locked classes put in place of its own; another rule as it is.

    What was reached over all classes is no longer told, nor what a locked class reached: both were of other thresholds.
    """
    if not isinstance(rule, ThresholdSet):
        return rule
    values, classes = np.array(rule.score_thresholds), list(locked)
    values[classes] = round_up(list(locked.values()), values.dtype)
    states = np.array(rule.details.get("states", [OPTIMUM] * p.n_classes), dtype=object)
    states[classes] = LOCKED
    details = rule.details | {"states": tuple(states.tolist())}
    details.pop("value", None)
    if "kept" in details:
        ends = {"dropped": np.nextafter(values, values.dtype.type(-np.inf)), "kept": values}
        details |= {name: _replaced(details[name], classes, end[classes]) for name, end in ends.items()}
    if "reached" in details:
        details["reached"] = {name: _replaced(each, classes, np.nan) for name, each in details["reached"].items()}
    return ThresholdSet.from_scores(p, values, **details)


def _replaced(array, classes, values):
    array = np.array(array, dtype=np.result_type(array, np.float32))
    array[classes] = values
    return array
