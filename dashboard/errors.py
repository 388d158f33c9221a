"""The errors whose text a person reads on screen. Everything else stays loud."""


class InputError(ValueError):
    """A fault in what was loaded, as one sentence: what must hold, what was found and where, what to do.

    Raised by `dashboard.inputs` only; a page or the command line catches it once and shows it.
    """


class ChoiceNeeded(InputError):
    """The input can be read in more than one way and nothing loads before the user says which.

    `option` names the argument that settles it, `choices` its admissible values with a sentence for each.
    """

    def __init__(self, message: str, *, option: str, choices: dict[str, str]):
        super().__init__(message)
        self.option = option
        self.choices = choices
