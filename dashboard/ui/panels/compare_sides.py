"""What can be compared: the runs and the readers of the data, each with the rule that decides for it."""

from dataclasses import dataclass, replace

from dashboard.core import ThresholdSet
from dashboard.escape import for_markdown
from dashboard.figures.groups import distinct_from
from dashboard.ui import state
from dashboard.ui.address import DEFAULT
from dashboard.ui.view import View

HALF, IN_FORCE = "half", "in_force"


@dataclass(frozen=True)
class Side:
    """A run, or a reader, and what it is called on screen; `name` is what the dataset calls it."""

    name: str
    title: str
    is_reader: bool = False


def sides_of(view: View) -> dict[str, Side]:
    """Title -> side: the runs in the order of loading, then the readers."""
    sides = [Side(name, name) for name in view.dataset.runs]
    names = list(view.dataset.readers)
    titles = distinct_from([f"{name} (reader)" for name in names], [side.title for side in sides])
    sides += [Side(name, title, is_reader=True) for name, title in zip(names, titles, strict=True)]
    return {side.title: side for side in sides}


def thresholds_of(view: View, run: str, at: str) -> ThresholdSet:
    """0.5 for all classes, or the thresholds in force where they are for the scores of this run."""
    here = replace(view, run=run)
    if at == HALF or not in_force_applies(view, run):
        return ThresholdSet.from_unit(here.predictions, DEFAULT.unit)
    return here.thresholds


def in_force_applies(view: View, run: str) -> bool:
    """Whether the thresholds in force mean anything on the scores of this run."""
    here, chosen = replace(view, run=run), state.chosen()
    if chosen.applied is not None and not here.has_set:
        return False
    typed = [*chosen.own.values(), *([] if chosen.applied else [chosen.threshold])]
    return here.predictions.score_kind == "logits" or not any(each.on_logit_scale for each in typed)


def threshold_notes(view: View, pair, at: str) -> list[str]:
    """Sentences on the thresholds in use, for Markdown; empty where both decide at 0.5 as asked."""
    if at == HALF:
        return []
    runs = [side for side in pair if not side.is_reader]
    away = [side for side in runs if not in_force_applies(view, side.name)]
    notes = [
        f"The thresholds in force are not for the scores of {for_markdown(side.title)}: it decides at 0.5."
        for side in away
    ]
    if len(away) < len(runs):
        notes.append(
            "Thresholds in force are taken as given: if they were tuned on these samples, their side is flattered, and "
            "more so the run that they were tuned for."
        )
    return notes
