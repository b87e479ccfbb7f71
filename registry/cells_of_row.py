"""A row while it is read: its texts, and every reason why it is not taken."""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.exchange.cells import Made
from registry.column_files import ColumnFile
from registry.lists import Fault
from registry.tables import Line

_BLANK = frozenset({"/", "-", "—", "——", "#N/A"})
_UNWORKED = "这一格是公式，还没有算出来；请用表格软件打开存一次，或者直接填上内容"


@dataclass(slots=True)
class Row:
    """The texts of a row by column; what holds none is refused as it is read."""

    line: Line
    file: ColumnFile
    said: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for key, cell in self.line.cells.items():
            if cell.made is Made.FORMULA:
                self.refuse(key, _UNWORKED)
            elif cell.made is Made.ERROR:
                self.refuse(key, f"这一格是算错的公式（{cell.text}），请直接填上内容")
            elif cell.text.strip() not in _BLANK:
                self.said[key] = cell.text.strip()

    def refuse(self, key: str, sentence: str, example: str = "") -> None:
        """The row is not taken, for this reason among others."""
        self.faults.append(Fault(self.file.heading(key), sentence, example))

    def text(self, key: str) -> str:
        """The text of a cell; "" where nothing usable is in it."""
        return self.said.get(key, "")

    def short(self, key: str, longest: int) -> str:
        """The text of a cell that must fit a place; too long is refused, never cut."""
        said = " ".join(self.text(key).split())
        if len(said) > longest:
            self.refuse(key, f"太长了，最多{longest}个字，现在{len(said)}个字")
        return said
