"""What an import found, row by row, in words for whoever made the table."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

_LONGEST_SHOWN = 60


class Outcome(Enum):
    """What becomes of a row."""

    NEW = "新增"
    CHANGED = "修改"
    WITHDRAWN = "撤回"
    UNCHANGED = "没变"
    FAULTY = "有错"


@dataclass(frozen=True, slots=True)
class Change:
    """A column that says something else than what is served."""

    heading: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.heading}：{_short(self.old)} → {_short(self.new)}"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a row, in which column, and how to mend it."""

    heading: str
    fault: str

    def __str__(self) -> str:
        return f"“{self.heading}”列：{self.fault}" if self.heading else self.fault


@dataclass(slots=True)
class Line:
    """A row of the table, or a file of the folder, and what becomes of it."""

    sheet: str
    number: int  # 0 for a file
    name: str
    outcome: Outcome
    changes: tuple[Change, ...] = ()
    mistakes: list[Mistake] = field(default_factory=list)

    def refuse(self, heading: str, fault: str) -> None:
        """This row is not taken."""
        self.outcome = Outcome.FAULTY
        self.mistakes.append(Mistake(heading, fault))

    @property
    def place(self) -> str:
        """Where to look."""
        return f"“{self.sheet}”表第{self.number}行" if self.number else self.sheet

    def said(self) -> Iterator[str]:
        """The row in words."""
        yield f"{self.outcome.value}  {self.place}  {self.name}".rstrip()
        if self.outcome is Outcome.FAULTY:
            yield from (f"      {mistake}" for mistake in self.mistakes)
        else:
            yield from (f"      {change}" for change in self.changes)


@dataclass(slots=True)
class Report:
    """All rows, and sentences on what was left aside."""

    lines: list[Line] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        """How many rows had this outcome."""
        return sum(line.outcome is outcome for line in self.lines)

    def said(self) -> Iterator[str]:
        """The report; what has not changed is only counted."""
        for line in self.lines:
            if line.outcome is not Outcome.UNCHANGED:
                yield from line.said()
        yield from self.notices
        yield "，".join(f"{outcome.value} {self.count(outcome)} 行" for outcome in Outcome) + "。"


def _short(text: str) -> str:
    flat = " / ".join(text.splitlines())
    if not flat:
        return "（空）"
    return flat if len(flat) <= _LONGEST_SHOWN else f"{flat[:_LONGEST_SHOWN]}…"
