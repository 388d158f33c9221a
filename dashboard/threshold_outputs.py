"""The files that the command "thresholds" writes: looked at before any work is done, written when all of it is."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dashboard.command_options import fail
from dashboard.core import Predictions, RankedScores, ThresholdSet
from dashboard.core.policies import Policy, Rule
from dashboard.core.policies.by_group import GroupThresholds
from dashboard.judged_figures import Figures, thresholds_file
from dashboard.reviews import threshold_csv, threshold_snippet
from dashboard.reviews.tuned_on import TunedOn


@dataclass(frozen=True)
class Outputs:
    """Paths of files to write, None for those not asked for. form: of the program."""

    thresholds: str | None
    table: str | None
    program: str | None
    form: str

    @property
    def paths(self) -> dict[str, str]:
        """Option -> path, of those asked for."""
        given = {"--output": self.thresholds, "--csv": self.table, "--snippet": self.program}
        return {option: path for option, path in given.items() if path is not None}


def check_outputs(files: Outputs, policy: Policy | None) -> None:
    """Ends the command where a file cannot be written, or the policy's rule cannot be told by it."""
    for option, path in files.paths.items():
        if fault := fault_of(Path(path)):
            fail(f"{option} must be writable, but {fault}: name another file.")
    rule = None if policy is None else rule_without_samples(policy)
    if rule is not None:
        _check_rule(files, rule)


def write_outputs(files: Outputs, rule: Rule, r: RankedScores, source: TunedOn, figures: Mapping[str, Figures]) -> None:
    """All files or, where the rule cannot be told by one, none."""
    _check_rule(files, rule)
    texts = {}
    if files.thresholds:
        texts[files.thresholds] = thresholds_file(rule, source, figures)
    if files.table:
        texts[files.table] = threshold_csv(rule, r.counts(rule))
    if files.program:
        name, by_group = Path(files.thresholds or "thresholds.json").name, isinstance(rule, GroupThresholds)
        try:
            texts[files.program] = threshold_snippet(files.form, name, by_group=by_group)
        except ValueError as error:  # a name that may not stand in a program
            fail(f"The files must be writable, but {error}: name other ones.")
    for path, text in texts.items():
        try:
            Path(path).write_text(text, encoding="utf-8")
        except OSError as error:
            fail(f"{path!r} must be writable, but the system says {error.strerror!r}: name another file.")


def rule_without_samples(policy: Policy) -> Rule | None:
    """The policy's rule for no sample at all, which is of the same type as for any; None where it allows none."""
    column = policy.parameters.get("column")
    columns = {column: np.array([], dtype=object)} if column else {}
    p = Predictions(np.zeros((0, 1)), np.zeros((0, 1), dtype=np.int8), columns=columns)
    try:
        return policy.tune(RankedScores.from_predictions(p))
    except ValueError:  # told with the data, where the sentence can name them
        return None


def _check_rule(files, rule):
    has_one_per_class = isinstance(rule, ThresholdSet)
    if (files.thresholds and not (has_one_per_class or isinstance(rule, GroupThresholds))) or (
        files.table and not has_one_per_class
    ):
        fail("Only a threshold per class can be written so, and this policy decides otherwise: choose another one.")


def fault_of(path) -> str | None:
    """Why no file can be written there; None where it seems one can."""
    folder = path.parent
    if path.is_dir():
        return f"{str(path)!r} is a folder"
    if not folder.is_dir():
        return f"there is no folder {str(folder)!r}"
    if not os.access(path if path.exists() else folder, os.W_OK):
        return f"nothing may be written to {str(path if path.exists() else folder)!r}"
    return None
