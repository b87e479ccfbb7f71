"""The pages that an import would change, with the rows behind each of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.exchange.report import Line, Outcome, Report


@dataclass(slots=True)
class Edits:
    """Path → new words, None to withdraw; and the report on every row."""

    report: Report = field(default_factory=Report)
    pages: dict[str, str | None] = field(default_factory=dict)
    _lines: dict[str, list[Line]] = field(default_factory=dict)
    _claims: dict[tuple[str, ...], Line] = field(default_factory=dict)

    def line(self, sheet: str, number: int, name: str) -> Line:
        """A row of which nothing has been found out yet."""
        line = Line(sheet, number, name, Outcome.UNCHANGED)
        self.report.lines.append(line)
        return line

    def claim(self, key: tuple[str, ...], line: Line, heading: str) -> None:
        """Refuse a row that changes what an earlier row is about already."""
        first = self._claims.setdefault(key, line)
        if first is not line and line.outcome is not Outcome.UNCHANGED:
            line.refuse(heading, f"和{first.place}是同一条；新增的行要不一样，{heading}不能重复")

    def put(self, path: str, text: str | None, line: Line) -> None:
        """A page that a row changes."""
        self.pages[path] = text
        self._lines.setdefault(path, []).append(line)

    def text(self, path: str, served: Mapping[str, str]) -> str:
        """The words of a page so far."""
        return self.pages.get(path) or served.get(path, "")

    def refuse(self, path: str, heading: str, fault: str) -> None:
        """Leave a page as it is served, and say why at each row behind it."""
        self.pages.pop(path, None)
        for line in self._lines.get(path, ()):
            line.refuse(heading, fault)
