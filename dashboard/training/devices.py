"""Where a model trains: the GPU if there is one, and a sentence saying what was found. Knows nothing of models."""

import torch

from dashboard.training.plan import PlanError


def choose_device(asked: str) -> tuple[torch.device, str]:
    """The device for one of plan.DEVICES, and what was found and why it was taken.

    "auto" takes CUDA, then Apple's MPS, then the CPU. Raises PlanError where what was asked for is not there.
    """
    has_cuda, has_mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    if asked == "auto":
        asked = "cuda" if has_cuda else "mps" if has_mps else "cpu"
        why = "found" if asked != "cpu" else "no GPU was found"
    else:
        why = "as chosen"
    if (asked == "cuda" and not has_cuda) or (asked == "mps" and not has_mps):
        raise PlanError(
            f"{_NAMES[asked]} must be there to train on {asked}, but {_lacking(asked)}: choose auto or cpu."
        )
    return torch.device(asked), f"{_described(asked)}: {why}."


def check_precision(precision: str, device: torch.device) -> None:
    """Raises PlanError where the device cannot compute in the plan's precision."""
    if precision == "mixed" and device.type != "cuda":
        raise PlanError(f"Mixed precision needs a CUDA GPU, but the training runs on {device.type}: choose float32.")
    if precision == "mixed" and not torch.cuda.is_bf16_supported(including_emulation=False):
        raise PlanError(
            f"Mixed precision needs a GPU with bfloat16, which {torch.cuda.get_device_name(device)} lacks: "
            "choose float32."
        )
    if precision == "float64" and device.type == "mps":
        raise PlanError("MPS has no float64: choose float32, or the device cpu.")


_NAMES = {"cuda": "A CUDA GPU", "mps": "An Apple GPU (MPS)"}


def _lacking(asked: str) -> str:
    if asked == "cuda" and torch.version.cuda is None:
        return f"torch {torch.__version__} is built without CUDA"
    return "torch finds none"


def _described(device: str) -> str:
    if device == "cuda":
        memory = torch.cuda.get_device_properties(0).total_memory / 2**30
        return f"CUDA GPU {torch.cuda.get_device_name(0)}, {memory:.0f} GiB"
    if device == "mps":
        return "Apple GPU (MPS)"
    n = torch.get_num_threads()
    return f"CPU, {n} thread{'s' if n > 1 else ''}"
