"""Proposes which columns of a table hold scores, labels and ids: by names shared with the labels, else by their values.

Knows nothing of arrays.
"""

from dataclasses import dataclass, field

from dashboard.inputs.mapping import LABELS, SAMPLE_ID, SCORES, PartUse
from dashboard.inputs.naming import LABEL_WORDS, SCORE_WORDS, Naming, namings, says_labels, says_scores
from dashboard.inputs.parts import NAME_LISTS, NOTHING, NUMBER_LISTS, NUMBERS, TEXT, ZERO_ONE, FileView
from dashboard.inputs.propose_columns import propose_column, propose_id, propose_leading_index

LISTS = {SCORES: (NUMBER_LISTS,), LABELS: (NAME_LISTS, NUMBER_LISTS)}
SINGLE = {SCORES: (NUMBERS, ZERO_ONE, NOTHING), LABELS: (NUMBERS, ZERO_ONE, TEXT, NOTHING)}
SAYS = {SCORES: says_scores, LABELS: says_labels}
SAYS_OTHER = {SCORES: says_labels, LABELS: says_scores}
WORDS = {SCORES: SCORE_WORDS, LABELS: LABEL_WORDS}


@dataclass(frozen=True)
class Expected:
    """What is known from elsewhere about the columns of one role: how they name classes, which of these, how many."""

    naming: Naming | None = None
    shared: frozenset[str] = frozenset()
    n_classes: int | None = None


@dataclass(frozen=True)
class TableProposal:
    """A table on its way to a proposal: its view and what identifies or counts its rows."""

    view: FileView
    fixed: dict[str, PartUse] = field(default_factory=dict)

    @classmethod
    def of(cls, view: FileView, other_names=()) -> "TableProposal":
        fixed = propose_leading_index(view)
        if not any(use.role == SAMPLE_ID for use in fixed.values()):
            ids = ((name, propose_id(view, name, other_names)) for name in view.parts if name not in fixed)
            fixed |= dict([next(((name, use) for name, use in ids if use), (None, None))])
        return cls(view, {name: use for name, use in fixed.items() if use})

    def class_namings(self, role: str) -> list[Naming]:
        """How the columns that may be classes could name them; none where they are lists or have no header."""
        if not self.view.content.has_header or self.list_columns(role):
            return []
        return namings(self.view.holding(SINGLE[role], self.fixed), WORDS[role])

    def list_columns(self, role: str) -> list[str]:
        lists = [name for name in self.view.holding(LISTS[role], self.fixed) if not SAYS_OTHER[role](name)]
        return sorted(lists, key=lambda name: not SAYS[role](name))

    def complete(self, expected: dict[str, Expected]) -> dict[str, PartUse]:
        """Roles for all columns when these roles are looked for; the columns left over describe the samples."""
        uses = dict(self.fixed)
        for role in sorted(expected, key=lambda role: not self._is_told_by_name(role, expected[role])):
            uses |= self._columns(role, expected[role], uses)
        for name, part in self.view.parts.items():
            if name not in uses:
                uses[name] = propose_column(name, part, self.view.values(name))
        return {name: uses[name] for name in self.view.parts}

    def _is_told_by_name(self, role, expected):
        columns = self.view.holding(SINGLE[role], self.fixed)
        return expected.naming is not None or bool(self.list_columns(role)) or any(SAYS[role](name) for name in columns)

    def _columns(self, role, expected, uses):
        if lists := [name for name in self.list_columns(role) if name not in uses]:
            return {lists[0]: PartUse(role, "Its cells hold lists.")}
        free = self.view.holding(SINGLE[role], uses)
        if expected.naming is not None:
            return self._named(role, free, expected)
        columns = self._counted(role, free, expected.n_classes)
        has_names = self.view.content.has_header
        return {
            name: PartUse(role, "Its values could be " + role + ".", name if has_names else None) for name in columns
        }

    def _named(self, role, free, expected):
        """Columns whose class is known from the other side, and those that look like them."""
        named = [name for name in free if name in expected.naming]
        matched = {name for name in named if expected.naming[name] in expected.shared}
        parts = self.view.parts
        sorts = {parts[name].holds for name in matched} | {NOTHING}
        all_whole = all(parts[name].is_whole for name in matched)
        uses = {}
        for name in named:
            is_alike = parts[name].holds in sorts and (all_whole or not parts[name].is_whole)
            if name in matched:
                uses[name] = PartUse(role, "Scores and labels both name its class.", expected.naming[name])
            elif is_alike and parts[name].holds != TEXT:
                uses[name] = PartUse(role, "It looks like the columns of the other classes.", expected.naming[name])
        return uses

    def _counted(self, role, free, n_classes):
        """Columns without a partner by name: as many as there are classes, else all that hold numbers."""
        numbers = [name for name in free if self.view.parts[name].holds != TEXT]
        said = [name for name in free if SAYS[role](name)]
        usual = [name for name in numbers if self.view.parts[name].holds == (NUMBERS if role == SCORES else ZERO_ONE)]
        for columns in (numbers, said, usual):
            if len(columns) == n_classes:
                return columns
        if role == LABELS and said:
            return said
        without_other = [name for name in numbers if not SAYS_OTHER[role](name)]
        return without_other or numbers or free[:1]
