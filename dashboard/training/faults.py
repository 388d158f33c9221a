"""What can end a training before its last epoch, each as one sentence. Importing it loads neither torch nor numpy."""

import errno

from dashboard.training.plan import PlanError


class TrainingStopped(Exception):
    """Raised by who watches the progress, to stop: the last epoch's checkpoint stays."""


class OutOfMemory(PlanError):
    """The device has no room for a batch of this plan; what was trained up to the last epoch stays."""

    @classmethod
    def of(cls, batch_size: int, n_variants: int, device: str) -> "OutOfMemory":
        smaller = max(1, batch_size // 2)
        advice = f"choose a batch size of {smaller:,} or fewer variants" if batch_size > 1 else "choose a smaller model"
        return cls(
            f"A batch must fit into the memory of the device ({device.rstrip('.')}), but batches of {batch_size:,} "
            f"samples for {n_variants} variants do not: {advice}. Epochs finished before are kept."
        )


class CheckpointError(PlanError):
    """A checkpoint that cannot be written, read, or used for this plan and these data."""

    @classmethod
    def not_written(cls, error: OSError) -> "CheckpointError":
        """For a full disk, and any other reason that the system gives."""
        advice = "free some space" if is_disk_full(error) else "mend that"
        return cls(
            f"Each epoch must be written to disk, but {disk_words(error)}: {advice} and resume; "
            "what was written up to the epoch before is kept."
        )


def is_disk_full(error: OSError) -> bool:
    """Also where a quota, or the largest size of a file, is reached."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def disk_words(error: OSError) -> str:
    """Why the disk did not take something."""
    return "the disk is full" if is_disk_full(error) else f"the system says: {error.strerror or error}"


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, of a GPU or of the machine. CUDA has a class for it, other devices only a text."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and any(
        text in str(error) for text in ("out of memory", "can't allocate memory", "not enough memory")
    )
