"""All policies by name, and their names as text. The one list that page, command line and tests go through."""

from dashboard.core.policies.frontier import micro_macro_mix
from dashboard.core.policies.joint import best_micro_f_beta
from dashboard.core.policies.micro_floors import micro_precision_floor, micro_recall_floor
from dashboard.core.policies.one_threshold import best_global, fixed
from dashboard.core.policies.per_class import best_per_class
from dashboard.core.policies.policy import Parameter, Policy, PolicyKind

GLOBAL_METRICS = ("f1", "f_beta", "jaccard", "subset_accuracy", "hamming_loss")
BETA = Parameter("beta", 1.0, "beta", 0.0, 100.0)

POLICIES: dict[str, PolicyKind] = {
    kind.name: kind
    for kind in (
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
        ),
        PolicyKind(
            "best_per_class",
            "each class at its best F1",
            "macro and weighted F-beta",
            best_per_class,
            (Parameter("metric", "f1", "Metric", choices=("f1", "f_beta")), BETA),
        ),
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
            "best mean of micro-F1 (weight {weight}) and macro-F1",
            "a weighted mean of micro-F1 and macro-F1, over all thresholds per class",
            micro_macro_mix,
            (Parameter("weight", 0.5, "Weight of micro-F1", 0.0, 1.0),),
            takes_locked=True,
        ),
        PolicyKind(
            "micro_precision_floor",
            "micro precision at least {floor}",
            "micro recall at a floor of micro precision, over all thresholds per class",
            micro_precision_floor,
            (Parameter("floor", 0.9, "Least micro precision", 0.0, 1.0),),
            takes_locked=True,
        ),
        PolicyKind(
            "micro_recall_floor",
            "micro recall at least {floor}",
            "micro precision at a floor of micro recall, over all thresholds per class",
            micro_recall_floor,
            (Parameter("floor", 0.9, "Least micro recall", 0.0, 1.0),),
            takes_locked=True,
        ),
    )
}


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
