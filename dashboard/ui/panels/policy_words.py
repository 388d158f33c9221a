"""Kinds of policies in words: a name before any parameter is chosen, and a sentence on what they make best."""

from dashboard.core.policies import Policy

LOWER_IS_BETTER = ("hamming_loss",)
_ROOM = "as high as possible"

# Name, and what it does; the names of other kinds and parameters are those of the registry.
KINDS = {
    "fixed": ("one threshold of your choice", "It looks at no labels."),
    "best_global": (
        "one threshold, best for a metric",
        f"It makes the metric {_ROOM}, with one threshold for all classes.",
    ),
    "match_cardinality": (
        "one threshold, as many predicted as there are",
        "It makes as many predictions as there are positives, and looks at labels for nothing else.",
    ),
    "best_per_class": (
        "each class at its best",
        f"It makes the metric of each class {_ROOM}, and with it the macro and weighted average.",
    ),
    "precision_floor": (
        "a precision floor in each class",
        f"It makes the recall of each class {_ROOM}, with its precision at the floor or above.",
    ),
    "recall_floor": (
        "a recall floor in each class",
        f"It makes the precision of each class {_ROOM}, with its recall at the floor or above.",
    ),
    "both_floors": (
        "a precision floor and a recall floor in each class",
        f"It makes the F1 of each class {_ROOM}, with both floors met.",
    ),
    "minimum_cost": (
        "least cost of false alarms and missed positives",
        "It makes the total cost of false alarms and missed positives as low as possible.",
    ),
    "match_prevalence": (
        "each class predicted as often as there are positives",
        "It makes as many predictions of each class as it has positives, and looks at labels for nothing else.",
    ),
    "local_samples": (
        "all classes together, best for samples (local optimum)",
        f"It makes the metric averaged over samples {_ROOM}, up to where no single class can improve it.",
    ),
    "flagged_budget": (
        "a budget of flagged samples",
        f"It makes micro recall {_ROOM}, with at most so many samples that have any class predicted.",
    ),
    "top_k": ("the top classes of each sample", "It looks at no labels."),
    "row_rules": (
        "least and most classes of each sample",
        "Its thresholds are best at what their own policy is best at; then classes are added or taken away.",
    ),
    "per_group": (
        "thresholds of each group",
        "In each group by itself its thresholds are best at what their own policy is best at.",
    ),
    "best_micro_f_beta": (
        "all classes together, best micro-F-beta",
        f"It makes micro-F-beta {_ROOM}, over all thresholds per class.",
    ),
    "micro_macro_mix": (
        "all classes together, best mean of micro-F1 and macro-F1",
        f"It makes a weighted mean of micro-F1 and macro-F1 {_ROOM}, over all thresholds per class.",
    ),
    "micro_precision_floor": (
        "a floor of micro precision",
        f"It makes micro recall {_ROOM}, with micro precision at the floor or above, over all thresholds per class.",
    ),
    "micro_recall_floor": (
        "a floor of micro recall",
        f"It makes micro precision {_ROOM}, with micro recall at the floor or above, over all thresholds per class.",
    ),
    "calibrated_cut": (
        "calibrated, cut once at F*/2",
        f"It makes the micro-F1 that calibrated probabilities promise {_ROOM}, with one cut for all classes.",
    ),
    "match_reader": (
        "as good as a reader",
        f"It makes the {{other}} of each class {_ROOM}, with at least the reader's {{at}}.",
    ),
}


def kind_name(name: str) -> str:
    """What a kind of policy is called where its parameters are still to be chosen."""
    return KINDS[name][0]


def kind_aim(name: str) -> str:
    """One sentence: what any policy of the kind makes as high as possible."""
    return KINDS[name][1]


def aim(policy: Policy) -> str:
    """The same of a policy whose parameters are known."""
    said, at = kind_aim(policy.kind.name), policy.parameters.get("at")
    if policy.parameters.get("metric") in LOWER_IS_BETTER:
        return said.replace("high", "low")
    return said.format(at=at, other="precision" if at == "recall" else "recall")
