"""What stands in the table of policies: the thresholds in force, every policy of the registry, added ones, readers.

Finds the rows and what they decide on the samples in view; draws nothing but a bar while it takes long.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core.headline import Judged, headline
from dashboard.core.policies import POLICIES, Policy, make_policy, parse_policy, reader_policy
from dashboard.core.policies.policy import NOT_PROVEN, UNREACHABLE
from dashboard.core.thresholds import ThresholdSet
from dashboard.ui import policy_cache, state
from dashboard.ui.applied import locked_scores
from dashboard.ui.cache import groups
from dashboard.ui.policy_cache import Outcome, Place
from dashboard.ui.progress import progress_bar
from dashboard.ui.view import View
from dashboard.ui.wording import count

CURRENT, READER = "current", "reader "
BY_COLUMN = ("per_group",)
MOST_GROUPS = 20  # of a column that stands in the table unasked: each is tuned by itself

# Kinds that stand in the table more than once; all others with their parameters at their defaults.
VARIANTS = {
    "best_global": (
        {},
        {"average": "macro"},
        {"average": "weighted"},
        {"average": "samples"},
        {"metric": "subset_accuracy", "average": "samples"},
        {"metric": "hamming_loss"},
    ),
}


@dataclass(frozen=True, eq=False)
class PolicyRow:
    """key: CURRENT, the policy's text, or READER and the reader's name. policy: None where nothing is tuned.

    in_force: a policy's thresholds are the current ones, to the last bit.
    """

    key: str
    title: str
    outcome: Outcome
    policy: Policy | None = None
    in_force: bool = False

    @property
    def name(self) -> str:
        """Title with a mark on what is in force."""
        return f"✓ {self.title}" if self.in_force else self.title

    @property
    def states(self) -> tuple[str, ...]:
        """How each class ended, empty where the rule does not say."""
        return getattr(self.outcome.rule, "details", {}).get("states", ())

    @property
    def note(self) -> str:
        """What was not reached."""
        numbers = {UNREACHABLE: self.states.count(UNREACHABLE), NOT_PROVEN: self.states.count(NOT_PROVEN)}
        return ", ".join(f"{state_} in {count(n, 'class', 'classes')}" for state_, n in numbers.items() if n)

    @property
    def applicable(self) -> bool:
        """Whether its thresholds can be put in force."""
        return self.policy is not None and isinstance(self.outcome.rule, ThresholdSet)


def policies_in_table(view: View, *, rowwise: bool) -> list[Policy]:
    """Those of the registry, then added ones; without those that pass over whole samples unless rowwise.

    Policies that name a column stand there once for each column of few groups, those that match a reader for each.
    """
    listed = [policy for name in POLICIES for policy in _listed(view, name)]
    for name, decided in view.dataset.readers.items():
        listed += [reader_policy(name, decided, at) for at in ("recall", "precision")]
    listed += [parse_policy(text) for text in added_policies()]
    unique = {str(policy): policy for policy in listed}
    return [policy for policy in unique.values() if rowwise or not _by_sample(policy)]


def _listed(view, name) -> list[Policy]:
    """A kind as often as it stands in the table."""
    if name in BY_COLUMN:
        columns = [each for each in view.dataset.group_columns if len(groups(view.digest, each).names) <= MOST_GROUPS]
        return [make_policy(name, column=column) for column in columns]
    return [make_policy(name, **parameters) for parameters in VARIANTS.get(name, ({},))]


def added_policies() -> tuple[str, ...]:
    """The texts of the policies that somebody added for the data in view."""
    return state.recalled(_added(), ())


def add_policy(policy: Policy) -> None:
    state.remember(_added(), tuple(dict.fromkeys((*added_policies(), str(policy)))))


def remove_policy(text: str) -> None:
    state.remember(_added(), tuple(each for each in added_policies() if each != text))


def _added() -> str:
    return f"policies added to {state.data()}"


def place_in_view(view: View) -> Place:
    return Place.of(view.digest, view.run, locked_scores(view))


def policy_rows(view: View, *, rowwise: bool) -> list[PolicyRow]:
    """All rows with what they decide on the samples in view, tuned there; readers last.

    The thresholds in force come first, unless they are those of a policy: that row then stands for them.
    """
    rows = _tuned_rows(view, policies_in_table(view, rowwise=rowwise), rowwise)
    if not any(row.in_force for row in rows):
        current = policy_cache.outcome_of(view.ranked, view.thresholds, rowwise=rowwise)
        rows.insert(0, PolicyRow(CURRENT, "current thresholds", current))
    return rows + [_reader_row(view, name, rowwise) for name in view.dataset.readers]


def _tuned_rows(view, policies, rowwise) -> list[PolicyRow]:
    place, rows, current = place_in_view(view), [], view.thresholds.score_thresholds
    with progress_bar("Tuning the policies on these samples") as progress:
        for done, policy in enumerate(policies):
            progress(done / len(policies))
            outcome = policy_cache.tuned(place, policy, rowwise=rowwise)
            found = getattr(outcome.rule, "score_thresholds", None)
            in_force = found is not None and np.array_equal(found, current)
            rows.append(PolicyRow(str(policy), policy.title, outcome, policy, in_force))
    return rows


def _reader_row(view, name, rowwise) -> PolicyRow:
    judged = Judged.of_reader(view.predictions, view.dataset.readers[name], rowwise=rowwise)
    figures = headline(judged.counts, samples=judged.samples)
    return PolicyRow(READER + name, f"reader: {name}", Outcome(None, judged.counts, figures))


def _by_sample(policy: Policy) -> bool:
    """Optima of samples averages pass over all samples too, though other metrics of the same kind do not."""
    of_samples = policy.parameters.get("average") == "samples" and policy.parameters.get("metric") != "subset_accuracy"
    return policy.kind.by_sample or of_samples
