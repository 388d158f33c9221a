"""The command "thresholds": tune a policy or take a file of thresholds, print what it is worth, write it out.

Joins inputs, core and reviews as a page does; every figure is core's and says what it was computed on.
"""

from collections import Counter
from dataclasses import asdict
from typing import Annotated

import typer

from dashboard.command_options import (
    Applying,
    ClassNames,
    Columns,
    HeldOutColumns,
    HeldOutLabels,
    HeldOutScores,
    LabelsFile,
    Reading,
    ScoreKind,
    ScoresFile,
    Seed,
    Units,
    fail,
    with_groups,
)
from dashboard.core import RankedScores
from dashboard.core.policies import POLICIES, Policy, parse_policy
from dashboard.core.policies.policy import OPTIMUM
from dashboard.core.resampling import CROSS_FITTED, HELD_OUT, TUNED_HERE, expected, unit_codes
from dashboard.judged_figures import cross_fitted, figures_text, reached
from dashboard.outcomes import Outcome, applied, judged_on_others, read_samples, tuned_on
from dashboard.reviews.threshold_exports import policy_words
from dashboard.reviews.threshold_snippet import FORMS
from dashboard.sentences import counted, few
from dashboard.threshold_outputs import Outputs, check_outputs, write_outputs


@with_groups
def thresholds(
    scores: ScoresFile = None,
    labels: LabelsFile = None,
    score_kind: ScoreKind = None,
    policy: Annotated[list[str] | None, typer.Option(help="E.g. best_per_class, or precision_floor:floor=0.9.")] = None,
    list_policies: Annotated[bool, typer.Option("--list-policies", help="Print the policies and end.")] = False,
    apply: Annotated[str | None, typer.Option(help="File of thresholds to evaluate in place of a policy.")] = None,
    *,
    applying: Applying,
    output: Annotated[str | None, typer.Option("-o", "--output", help="File to write: thresholds.json.")] = None,
    csv: Annotated[str | None, typer.Option(help="File to write: a table of classes.")] = None,
    snippet: Annotated[str | None, typer.Option(help="File to write: a program that reads thresholds.json.")] = None,
    snippet_form: Annotated[str, typer.Option(help="numpy or torch.")] = "numpy",
    units: Units = None,
    columns: Columns = None,
    folds: Annotated[int, typer.Option(min=0, max=127, help="Folds of cross-fitting; 0 leaves it out.")] = 5,
    seed: Seed = 0,
    held_out_scores: HeldOutScores = None,
    held_out_labels: HeldOutLabels = None,
    held_out_columns: HeldOutColumns = None,
    class_names: ClassNames = None,
    reading: Reading,
) -> None:
    """Tune thresholds, or evaluate a file of them, and write them as thresholds.json, CSV or a program."""
    if list_policies:
        typer.echo(policies_text())
        return
    if policy and apply is not None:
        fail("--policy and --apply were both given: give one of them, not both.")
    if scores is None or not (policy or apply is not None):
        fail("--scores must be given, and one of --policy and --apply: see --list-policies for the policies.")
    if policy and len(policy) > 1:
        fail(f"--policy must be given once, not {len(policy)} times: run the command once for each policy.")
    if snippet_form not in FORMS:
        fail(f"--snippet-form must be one of {', '.join(FORMS)}, got {snippet_form!r}.")
    if (held_out_scores is None) and (held_out_labels or held_out_columns):
        fail("--held-out-scores must be given where --held-out-labels or --held-out-columns is.")
    if folds == 1:
        fail("--folds must be 0, which leaves cross-fitting out, or at least 2: one fold leaves nothing to tune on.")
    asked = _policy(policy[0]) if policy else None
    files = Outputs(output, csv, snippet, snippet_form)
    check_outputs(files, asked)
    options = reading.read_options()
    dataset = read_samples(scores, labels, columns, score_kind, class_names, options=options, units=units)
    p = dataset.first_run
    ranked = RankedScores.from_predictions(p)
    if apply is not None:
        outcome = applied(ranked, apply, dataset, units, seed, **asdict(applying))
    else:
        outcome = _tuned(ranked, asked, folds, units, seed)
    if held_out_scores is not None:
        held_units = units if held_out_columns else None
        others = (held_out_scores, held_out_labels, held_out_columns)
        other = read_samples(*others, score_kind, class_names, options=options, units=held_units)
        outcome.figures[HELD_OUT] = judged_on_others(outcome.rule, p, other.first_run, held_units, seed)
    typer.echo(_told(dataset, outcome))
    write_outputs(files, outcome.rule, outcome.ranked, tuned_on(dataset), outcome.figures)


def policies_text() -> str:
    """Each policy with its parameters and what it makes best."""
    lines = []
    for kind in POLICIES.values():
        parameters = ", ".join(f"{each.name}={each.default}" for each in kind.parameters)
        lines += [f"{kind.name}{':' if parameters else ''}{parameters}", f"    makes best: {kind.maximises}"]
        lines += [f"    {each.name}: {', '.join(each.choices)}" for each in kind.parameters if each.choices]
    return "\n".join(lines)


def _policy(text) -> Policy:
    try:
        return parse_policy(text)
    except ValueError as error:
        fail(f"--policy must name a policy and its parameters, as --list-policies prints them, but {error}.")


def _tuned(r, policy, n_folds, unit, seed) -> Outcome:
    p = r.predictions
    try:
        if not n_folds:
            rule = policy.tune(r)
            return Outcome(rule, r, {TUNED_HERE: reached(p, rule)}, policy_words(rule.details))
        units = unit_codes(None if unit is None else p.columns[unit], p.n_samples)
        found = expected(r, policy, units, n_folds, seed=seed)
    except ValueError as error:  # a policy that these data do not allow
        fail(f"{policy} must fit the data, but {error}: choose another policy or other parameters.")
    figures = {TUNED_HERE: reached(p, found.rule), CROSS_FITTED: cross_fitted(found, unit, seed)}
    return Outcome(found.rule, r, figures, policy_words(found.rule.details))


def _told(dataset, outcome) -> str:
    p = outcome.ranked.predictions
    return "\n".join(
        [
            f"{counted(p.n_samples, 'sample')} x {counted(p.n_classes, 'class')}, {p.score_kind} ({p.scores.dtype})",
            f"digest {dataset.digest}",
            outcome.words,
            *outcome.notices,
            *_state_lines(outcome.rule, p),
            "",
            figures_text(outcome.figures),
        ]
    )


def _state_lines(rule, p) -> list[str]:
    """Which classes are in another state than at their optimum."""
    states = rule.details.get("states") or ()
    lines = []
    for state, number in Counter(state for state in states if state and state != OPTIMUM).items():
        names = [name for name, each in zip(p.class_names, states, strict=True) if each == state]
        lines.append(f"{counted(number, 'class')}: {state} ({few(names)})")
    return lines
