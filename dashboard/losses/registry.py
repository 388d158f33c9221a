"""All loss variants by name. The one list that pages, command line, tests and training go through."""

from dashboard.losses.class_counts import POS_WEIGHTS
from dashboard.losses.pointwise import asl, bce_with_logits, focal
from dashboard.losses.variant import LossVariant, Parameter

WEIGHT = Parameter("weight", "weight", 1.0, 0.0, per_class=True, explanation="Multiplies the loss of a class.")
_RULES = {name: title for name, (title, _) in POS_WEIGHTS.items()}


def pos_weight_parameter(default) -> Parameter:
    return Parameter(
        "pos_weight",
        "pos_weight",
        default,
        0.0,
        choices=_RULES,
        per_class=True,
        explanation="Multiplies the loss of positives; n positives among N known cells of the class.",
    )


_ALL = (
    LossVariant(
        "bce_with_logits",
        "BCE",
        "(1-y) x - logsigmoid(x)",
        r"(1-y)\,x - \log\sigma(x)",
        "torch.nn.BCEWithLogitsLoss",
        bce_with_logits,
        (WEIGHT, pos_weight_parameter(1.0)),
        is_first=True,
    ),
    LossVariant(
        "pos_weight",
        "BCE, pos_weight",
        "(1-y) softplus(x) + w y softplus(-x)",
        r"(1-y)\,\log(1+e^{x}) + w\,y\,\log(1+e^{-x})",
        "torch.nn.BCEWithLogitsLoss(pos_weight=...)",
        bce_with_logits,
        (WEIGHT, pos_weight_parameter("negatives_per_positive")),
        is_first=True,
        uses_counts=True,
    ),
    LossVariant(
        "focal",
        "Focal",
        "alpha_t (1-p_t)^gamma BCE",
        r"\alpha_t\,(1-p_t)^{\gamma}\,\mathrm{BCE}",
        "Lin et al. 2017; torchvision.ops.sigmoid_focal_loss",
        focal,
        (
            Parameter("alpha", "alpha", 0.25, -1.0, 1.0, explanation="Weight of positives; below 0: no weights."),
            Parameter("gamma", "gamma", 2.0, 0.0, 10.0, explanation="How far easy cells are turned down."),
        ),
        reduction="none",
        is_first=True,
    ),
    LossVariant(
        "asl",
        "ASL",
        "y: -(1-p)^g+ ln p;  n: -pm^g- ln(1-pm), pm = max(p-m, 0)",
        r"-y(1-p)^{\gamma_+}\ln p-(1-y)\,p_m^{\gamma_-}\ln(1-p_m),\; p_m=\max(p-m,0)",
        "Ridnik et al. 2021; Alibaba-MIIL/ASL, src/loss_functions/losses.py, AsymmetricLoss",
        asl,
        (
            Parameter("gamma_neg", "gamma-", 4.0, 0.0, 10.0, explanation="How far easy negatives are turned down."),
            Parameter("gamma_pos", "gamma+", 1.0, 0.0, 10.0, explanation="How far easy positives are turned down."),
            Parameter("clip", "clip", 0.05, 0.0, 0.5, explanation="Probability below which a negative counts nothing."),
            Parameter("detached", "focusing weight detached", True, explanation="No gradient through the weight."),
        ),
        reduction="sum",
        is_first=True,
    ),
)

LOSSES: dict[str, LossVariant] = {variant.name: variant for variant in _ALL}
