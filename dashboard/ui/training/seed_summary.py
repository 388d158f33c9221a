"""What each pair of variants differs by."""


def show_summary(registry, status) -> None:
    pass
