"""What a file says of itself: who took it, when, under which number, and what it should hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import orjson

from outreach.calendars import CHINA
from outreach.reports.table import Table

_SPOKEN = {"terminal": "命令行"}


def spoken(who: str) -> str:
    """Who took or made something, in words."""
    return _SPOKEN.get(who, who)


@dataclass(frozen=True, slots=True)
class Mark:
    """Who, when, and under which number; `is_shown`: it stands on each page, too."""

    who: str
    at: datetime
    number: str = ""
    is_shown: bool = False
    signature: str = ""  # who signed it; "": a line to sign by hand
    trail: str = ""  # the newest head of the sealed trail

    @property
    def line(self) -> str:
        """One line for people."""
        number = f"，编号 {self.number}" if self.number else ""
        at = self.at.astimezone(CHINA)
        return f"{spoken(self.who)} {at:%Y-%m-%d %H:%M} 导出{number}，只供工作使用，不得外传"

    @property
    def signed(self) -> str:
        """The line beneath the table for the names and the seal."""
        blank = "＿" * 5
        names = f"制表：{spoken(self.who)}　　审核：{blank}　　负责人：{blank}"
        return self.signature or f"{names}　　（盖章）　　年　月　日"


def digest(table: Table) -> str:
    """SHA-256 of what a table says: the same for the same cells, whatever the file."""
    said = [
        [table.heading, table.title, table.subtitle, list(table.notes)],
        [[one.key, one.title, one.unit.value, one.group] for one in table.columns],
        [[row.cells.get(one.key) for one in table.columns] for row in table.rows],
    ]
    return sha256(orjson.dumps(said)).hexdigest()
