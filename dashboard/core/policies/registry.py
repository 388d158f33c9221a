"""All policies by name, and their names as text. The one list that page, command line and tests go through."""

from dashboard.core.calibration_maps import METHODS
from dashboard.core.policies.both_floors import both_floors
from dashboard.core.policies.budgets import flagged_budget
from dashboard.core.policies.by_group import per_group
from dashboard.core.policies.calibrated import calibrated_cut
from dashboard.core.policies.costs import minimum_cost
from dashboard.core.policies.floor_judging import PROOFS
from dashboard.core.policies.floors import precision_floor, recall_floor
from dashboard.core.policies.frontier import micro_macro_mix
from dashboard.core.policies.joint import best_micro_f_beta
from dashboard.core.policies.local_search import SAMPLE_METRICS
from dashboard.core.policies.micro_floors import micro_precision_floor, micro_recall_floor
from dashboard.core.policies.one_threshold import best_global, fixed
from dashboard.core.policies.per_class import best_per_class
from dashboard.core.policies.policy import Parameter, Policy, PolicyKind
from dashboard.core.policies.prevalence import match_cardinality, match_prevalence
from dashboard.core.policies.samples_local import local_samples
from dashboard.core.policies.whole_samples import row_rules, top_k

GLOBAL_METRICS = ("f1", "f_beta", "jaccard", "subset_accuracy", "hamming_loss")
CLASS_METRICS = ("f1", "f_beta", "jaccard")
BETA = Parameter("beta", 1.0, "beta", 0.0, 100.0)
SMALL_SUPPORTS = (
    Parameter("min_positives", 0, "Tune classes from so many positives", 0),
    Parameter("shrink", 0.0, "Draw towards the pooled threshold, half at so many positives", 0.0),
)
GROUPS = (
    Parameter("column", "", "Also in every group of"),
    Parameter("least_positives", 10, "Groups with so many positives or more", 1),
)
PROOF = Parameter("proof", PROOFS[0], "Shown by", choices=PROOFS)
BASE = Parameter("base", "best_per_class", "Thresholds by")


def _floor(name):
    return Parameter(name, 0.9, f"Least {name}" if name != "floor" else "Floor", 0.0, 1.0)


ONE_THRESHOLD = (
    PolicyKind(
        "fixed",
        "{threshold} for every class",
        "nothing: chosen without labels",
        fixed,
        (Parameter("threshold", 0.5, "Threshold", 0.0, 1.0),),
    ),
    PolicyKind(
        "best_global",
        "one threshold, best {average} {metric}",
        "the metric over all classes, with one threshold",
        best_global,
        (
            Parameter("metric", "f1", "Metric", choices=GLOBAL_METRICS),
            Parameter("average", "micro", "Average", choices=("micro", "macro", "weighted", "samples")),
            BETA,
        ),
        takes_locked=True,
    ),
    PolicyKind(
        "match_cardinality",
        "one threshold, as many predicted as there are",
        "nothing: the number of predictions is that of positives",
        match_cardinality,
    ),
)

BY_CLASS = (
    PolicyKind(
        "best_per_class",
        "each class at its best {metric}",
        "the macro and weighted average of the metric",
        best_per_class,
        (Parameter("metric", "f1", "Metric", choices=CLASS_METRICS), BETA, *SMALL_SUPPORTS),
    ),
    PolicyKind(
        "precision_floor",
        "precision at least {floor} in each class",
        "the recall of each class, with its precision at the floor or above",
        precision_floor,
        (_floor("floor"), PROOF, *GROUPS),
    ),
    PolicyKind(
        "recall_floor",
        "recall at least {floor} in each class",
        "the precision of each class, with its recall at the floor or above",
        recall_floor,
        (_floor("floor"), PROOF, *GROUPS),
    ),
    PolicyKind(
        "both_floors",
        "precision at least {precision} and recall at least {recall} in each class",
        "the F1 of each class, with both floors met",
        both_floors,
        (_floor("precision"), _floor("recall"), PROOF, *GROUPS),
    ),
    PolicyKind(
        "minimum_cost",
        "one missed positive costs as much as {false_negative_cost} false alarms",
        "least total cost of false alarms and missed positives",
        minimum_cost,
        (
            Parameter("false_negative_cost", 5.0, "A missed positive costs as much as so many false alarms", 0.0),
            *SMALL_SUPPORTS,
        ),
    ),
    PolicyKind(
        "match_prevalence",
        "each class predicted as often as there are positives",
        "nothing: the number of predictions of each class is that of its positives",
        match_prevalence,
    ),
)

BY_SAMPLE = (
    PolicyKind(
        "local_samples",
        "all classes together, samples {metric} (local optimum)",
        "the metric averaged over samples, locally: no single class can improve it",
        local_samples,
        (
            Parameter("metric", "f1", "Metric", choices=SAMPLE_METRICS),
            Parameter("restarts", 2, "Further starts", 0, 100),
            Parameter("seed", 0, "Seed of the further starts", 0),
        ),
        takes_locked=True,
        by_sample=True,
    ),
    PolicyKind(
        "flagged_budget",
        "at most {per_thousand} flagged samples per 1,000",
        "micro recall, with at most so many samples that have any class predicted",
        flagged_budget,
        (
            Parameter("per_thousand", 100.0, "Flagged samples per 1,000, at most", 0.0, 1000.0),
            Parameter("thresholds", "one", "Thresholds", choices=("one", "per class")),
        ),
        takes_locked=True,
        by_sample=True,
    ),
    PolicyKind(
        "top_k",
        "the top {k} of each sample",
        "nothing: chosen without labels",
        top_k,
        (Parameter("k", 1, "Classes of each sample", 1),),
        by_sample=True,
    ),
    PolicyKind(
        "row_rules",
        "{base}, at least {at_least} and at most {at_most} classes of each sample",
        "what its thresholds are best at, before classes are added or taken away",
        row_rules,
        (
            BASE,
            Parameter("at_least", 1, "At least so many classes (1: the top class when nothing passes)", 0),
            Parameter("at_most", 0, "At most so many classes (0: no limit)", 0),
        ),
        takes_locked=True,
        by_sample=True,
    ),
    PolicyKind(
        "per_group",
        "per {column}: {base}",
        "what its thresholds are best at, in each group by itself",
        per_group,
        (
            Parameter("column", "", "Groups by this column"),
            BASE,
            Parameter("least_positives", 10, "Fewest positives for a group's own threshold", 1),
        ),
        takes_locked=True,
        by_sample=True,
    ),
)

JOINT = (
    PolicyKind(
        "best_micro_f_beta",
        "all classes together, best micro-F1",
        "micro-F-beta, over all thresholds per class",
        best_micro_f_beta,
        (BETA,),
        takes_locked=True,
    ),
    PolicyKind(
        "micro_macro_mix",
        "all classes together, best mean of micro-F1 (weight {weight}) and macro-F1",
        "a weighted mean of micro-F1 and macro-F1, over all thresholds per class",
        micro_macro_mix,
        (Parameter("weight", 0.5, "Weight of micro-F1", 0.0, 1.0),),
        takes_locked=True,
    ),
    PolicyKind(
        "micro_precision_floor",
        "micro precision at least {floor}",
        "micro recall, with micro precision at the floor or above, over all thresholds per class",
        micro_precision_floor,
        (_floor("floor"),),
        takes_locked=True,
    ),
    PolicyKind(
        "micro_recall_floor",
        "micro recall at least {floor}",
        "micro precision, with micro recall at the floor or above, over all thresholds per class",
        micro_recall_floor,
        (_floor("floor"),),
        takes_locked=True,
    ),
    PolicyKind(
        "calibrated_cut",
        "calibrated ({method}), cut once at F*/2",
        "the micro-F1 that calibrated probabilities promise, with one cut for all classes",
        calibrated_cut,
        (Parameter("method", METHODS[0], "Calibrated by", choices=METHODS),),
    ),
)

POLICIES: dict[str, PolicyKind] = {kind.name: kind for kind in (*ONE_THRESHOLD, *BY_CLASS, *JOINT, *BY_SAMPLE)}


def make_policy(name: str, **parameters) -> Policy:
    """The policy with these parameters, others at their default; raises ValueError for what is not known or allowed."""
    if name not in POLICIES:
        raise ValueError(f"policy must be one of {', '.join(POLICIES)}, got {name!r}")
    kind = POLICIES[name]
    known = {parameter.name: parameter for parameter in kind.parameters}
    for each in parameters:
        if each not in known:
            raise ValueError(f"{name} takes {', '.join(known) or 'no parameter'}, got {each!r}")
    given = {each: known[each].checked(value) for each, value in parameters.items()}
    return Policy(kind, {parameter.name: parameter.default for parameter in kind.parameters} | given)


def parse_policy(text: str) -> Policy:
    """The policy that a text such as "precision_floor:floor=0.9" names; raises ValueError."""
    name, _, rest = text.partition(":")
    known = {parameter.name: parameter for parameter in POLICIES[name].parameters} if name in POLICIES else {}
    parameters = {}
    for part in filter(None, rest.split(",")):
        key, found, value = part.partition("=")
        if not found or (known and key not in known):
            raise ValueError(f"{name} takes {', '.join(known) or 'no parameter'} as name=value, got {part!r}")
        parameters[key] = known[key].parse(value) if known else value
    return make_policy(name, **parameters)
