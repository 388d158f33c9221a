"""JSON text to Python values, with every fault as a sentence. Knows nothing of what the values mean."""

import json

from dashboard.errors import InputError
from dashboard.inputs.names import quoted


def parsed_json(text: str | bytes, what: str, first_line: int = 1) -> object:
    """The value of a JSON text; NaN and Infinity are accepted, a key that occurs twice is not.

    `first_line`: the line of the file in which the text begins, for messages.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_object)
    except _RepeatedKey as error:
        raise InputError(
            f"{what} must have each key once, but {quoted(error)} occurs twice: rename one of them."
        ) from None
    except json.JSONDecodeError as error:
        raise InputError(
            f"{what} must be complete JSON, but line {error.lineno + first_line - 1:,}, character {error.colno} is not "
            f"({error.msg}): the file is truncated or damaged, save it again."
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(f"{what} must be UTF-8 text, but byte {error.start + 1:,} is not: save it as UTF-8.") from None
    except RecursionError:
        raise InputError(
            f"{what} must be nested at most a few levels deep, but is far deeper: save plain lists."
        ) from None
    except ValueError:  # a whole number of over 4,300 digits
        raise InputError(f"{what} must hold numbers of ordinary size, but one has thousands of digits.") from None


class _RepeatedKey(Exception):
    pass


def _object(pairs):
    result = dict(pairs)
    if len(result) < len(pairs):
        seen = set()
        raise _RepeatedKey(next(key for key, _ in pairs if key in seen or seen.add(key)))
    return result
