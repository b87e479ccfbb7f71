"""A version as a file: what was remarked and corrected beneath its table, who signed, its hash."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from openpyxl import load_workbook

from knowledge.exchange.cells import safe
from outreach.calendars import CHINA
from outreach.reports.table import Table, Value
from outreach.reports.versions import letter
from outreach.reports.versions.letter import Letter
from outreach.reports.versions.paper import Paper
from outreach.reports.versions.reading import WHOLE, Opened, Said
from outreach.reports.writing import csv, docx, html, layout, md, xlsx
from outreach.reports.writing.mark import Mark
from records.report_versions import State, Version

DRAFT = "草稿，未经核对签字，不得作为正式数据使用"
_SHEET = 31  # characters of a sheet's name


def printed(known: Opened, mark: Mark) -> Table:
    """The main table with all that belongs beneath it."""
    table = known.table
    return replace(table, notes=[*table.notes, *beneath(known), *_sealed(known.version, mark)])


def beneath(known: Opened) -> list[str]:
    """Remarks, corrections, and who signed what when."""
    return [*_remarks(known), *_corrections(known), stamp(known.version)]


def stamp(version: Version) -> str:
    """Who checked and signed, when it was frozen, and by what it is known."""
    if version.state is not State.FROZEN:
        return f"{DRAFT}（报表{version.number}）"
    corrects = f"本表更正报表{version.corrects}；" if version.corrects else ""
    return (
        f"{corrects}核对：{version.checked_by} {_day(version.checked_at)}；"
        f"签字：{version.signed_by} {_day(version.signed_at)}；"
        f"定稿：{_day(version.frozen_at)}；报表{version.number}；指纹 sha256:{version.sha}"
    )


def _sealed(version: Version, mark: Mark) -> Iterator[str]:
    """Where the trail stood: who holds the paper can tell later that it was not cut."""
    if mark.trail and version.state in (State.SIGNED, State.FROZEN):
        yield f"操作记录已封存到 {mark.trail}，凭它能查出以前的记录有没有被改过。"


def write(known: Opened, paper: Paper, ending: str, mark: Mark, sender: str) -> bytes:
    """The bytes of a file of this ending; `sender` is the office that it comes from."""
    return _WRITERS[ending](known, paper, mark, sender)


def endings() -> tuple[str, ...]:
    """The endings that there are."""
    return tuple(_WRITERS)


def a_letter(known: Opened, paper: Paper, sender: str, mark: Mark) -> Letter:
    """A version as a paper with words."""
    version, content = known.version, known.content
    remark = known.remarks.get((WHOLE, ""))
    body = [*content.body, *([f"补充说明：{remark}"] if remark else [])]
    signed = version.frozen_at or version.signed_at
    return Letter(
        title=known.table.title,
        addressee=paper.addressee,
        body=body,
        tables=[printed(known, mark), *content.tables[1:]],
        sender=sender,
        signer=version.signed_by,
        day=signed.astimezone(CHINA).date() if signed else None,
        is_draft=version.state is not State.FROZEN,
    )


def _remarks(known: Opened) -> Iterator[str]:
    for (line, cell), said in sorted(known.remarks.items()):
        where = _where(known.table, line, cell)
        yield f"备注{'（' + where + '）' if where else ''}：{said}"


def _corrections(known: Opened) -> Iterator[str]:
    for n, one in enumerate(known.corrections, 1):
        yield f"更正{n}：{_corrected(known.table, one)}"


def _corrected(table: Table, one: Said) -> str:
    where = _where(table, one.line, one.cell)
    if one.is_gone:
        return f"{where}，内容随本人资料删除"
    by = f"{one.staff}，{_day(one.at)}"
    return f"{where}由{_said(one.old)}更正为{_said(one.new)}；原因：{one.why}（{by}）"


def _where(table: Table, line: int, cell: str) -> str:
    if line == WHOLE:
        return ""
    column = next(one for one in table.columns if one.key == cell)
    title = f"{column.group}{column.title}"
    name = layout.name_of(table, table.rows[line]) or f"第{line + 1}行"
    return f"{name}“{title}”"


def _said(value: Value) -> str:
    return layout.shown(value) or "空"


def _day(at: datetime | None) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}" if at else ""


def _docx(known: Opened, paper: Paper, mark: Mark, sender: str) -> bytes:
    if not _has_words(known):
        return docx.write(printed(known, mark), _signed(known, mark, sender))
    return letter.docx(a_letter(known, paper, sender, mark), mark)


def _html(known: Opened, paper: Paper, mark: Mark, sender: str) -> bytes:
    if not _has_words(known):
        return html.write(printed(known, mark), _signed(known, mark, sender))
    return letter.html(a_letter(known, paper, sender, mark), mark)


def _md(known: Opened, paper: Paper, mark: Mark, sender: str) -> bytes:
    if not _has_words(known):
        return md.write(printed(known, mark), mark)
    return letter.md(a_letter(known, paper, sender, mark), mark)


def _has_words(known: Opened) -> bool:
    """Whether it is a letter with a table, and not the table alone."""
    return bool(known.content.body) or len(known.content.tables) > 1


def _signed(known: Opened, mark: Mark, sender: str) -> Mark:
    """The line for names and seal: whoever checked and signed stands in it."""
    version, blank = known.version, "＿" * 5
    signed = version.frozen_at or version.signed_at
    day = f"{signed.astimezone(CHINA):%Y-%m-%d}" if signed else "　　年　月　日"
    words = (
        f"填报单位（盖章）：{sender}　　核对：{version.checked_by or blank}　　"
        f"签字：{version.signed_by or blank}　　{day}"
    )
    return replace(mark, signature=words)


def _csv(known: Opened, paper: Paper, mark: Mark, sender: str) -> bytes:
    return csv.write(printed(known, mark), mark)


def _xlsx(known: Opened, paper: Paper, mark: Mark, sender: str) -> bytes:
    """A workbook; what is added to the main table has sheets of its own."""
    book = load_workbook(
        io.BytesIO(xlsx.write(printed(known, mark), _signed(known, mark, sender)))
    )
    for table in known.content.tables[1:]:
        sheet = book.create_sheet(table.title[:_SHEET])
        sheet.append([table.title])
        sheet.append(layout.flat(table.columns))
        for row in layout.body(table):
            sheet.append([_cell(row.cells.get(one.key)) for one in table.columns])
        for note in table.notes:
            sheet.append([safe(note)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(value: Value) -> Value:
    return value if layout.is_number(value) else safe(layout.shown(value))


_WRITERS: Mapping[str, Callable[[Opened, Paper, Mark, str], bytes]] = {
    ".docx": _docx,
    ".xlsx": _xlsx,
    ".csv": _csv,
    ".html": _html,
    ".md": _md,
}
