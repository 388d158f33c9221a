"""Numbers and counts as people read them; figures on screen are rounded here and nowhere else."""


def short(value: float | None, digits: int = 3) -> str:
    """.731, 1.000; "undefined" for NaN and a dash where there is nothing to say."""
    if value is None:
        return "–"
    if value != value:
        return "undefined"
    text = f"{value:.{digits}f}"
    return text[1:] if text.startswith("0.") else text


def signed(value: float, digits: int = 3) -> str:
    """A difference: +.040, -.012, .000; "undefined" for NaN."""
    if value != value:
        return "undefined"
    text = f"{value:+.{digits}f}"
    text = text[1:] if not float(text) else text
    return text.replace("0.", ".", 1) if abs(value) < 1 else text


def place(threshold: float) -> str:
    """A threshold: 0.5, 0.1733, 2.31e-05; "never" where nothing is predicted."""
    return "never" if threshold != threshold else f"{threshold:.4g}"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """1 class, 1,500 samples."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(names, limit: int = 3, *, write=str) -> str:
    """a, b, c and 4 more. `write` makes the text of a name; only the names that are said are written."""
    names = list(names)
    said = ", ".join(write(name) for name in names[:limit])
    return said if len(names) <= limit else f"{said} and {len(names) - limit:,} more"
