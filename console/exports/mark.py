"""The mark that every file bears which leaves: who took it, when, under which number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outreach.calendars import CHINA


@dataclass(frozen=True, slots=True)
class Mark:
    """Who, when, and the number of the work, which the trail knows."""

    who: str
    at: datetime
    number: int

    @property
    def code(self) -> str:
        """The number as it is printed."""
        return code(self.number)

    @property
    def line(self) -> str:
        """One line for people."""
        at = self.at.astimezone(CHINA)
        return f"{self.who} {at:%Y-%m-%d %H:%M} 导出，编号 {self.code}，只供工作使用，不得外传"


def code(number: int) -> str:
    """An export's number as it is printed."""
    return f"E{number:06d}"


def subject(number: int) -> str:
    """An export as the trail names it."""
    return f"export:{number}"


def mark_book(book: Any, mark: Mark) -> None:
    """Mark a workbook of openpyxl: on each printed page, and in its properties."""
    for sheet in book.worksheets:
        sheet.oddFooter.center.text = mark.line.replace("&", "&&")
        sheet.oddFooter.center.size = 8
    book.properties.creator = mark.who
    book.properties.description = mark.line
    book.properties.identifier = mark.code


def mark_document(document: Any, mark: Mark) -> None:
    """Mark a document of python-docx: at the foot of each page, and in its properties."""
    for section in document.sections:
        section.footer.is_linked_to_previous = False
        section.footer.add_paragraph(mark.line)
    document.core_properties.author = mark.who
    document.core_properties.comments = mark.line
    document.core_properties.identifier = mark.code
