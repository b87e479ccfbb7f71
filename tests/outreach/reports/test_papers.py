"""Papers as files: what an office reads in them, whatever program opens them."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT

from outreach.reports.month import Month
from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Report, Row, Table, Unit
from outreach.reports.versions import printing
from outreach.reports.versions.document import Content
from outreach.reports.versions.paper import Level, Paper
from outreach.reports.versions.reading import WHOLE, Opened, Said
from outreach.reports.writing.mark import Mark
from records.database import Session
from records.report_versions import NoteKind, State, Version

AT = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)
MARK = Mark("王主任", AT, "AB12CD34")
SHA = "f" * 64
COLUMNS = (Column("town", "乡镇"), Column("n", "新登记", Unit.PEOPLE))
TABLE = Table("某县通报", COLUMNS, [Row({"town": "=1+1", "n": 12}), Row({"town": "乙镇", "n": 3})])
ADDED = Table("佐证清单", (Column("paper", "报表"),), [Row({"paper": "=HYPERLINK(1)"})], ("注",))
VERSION = Version(
    number=7,
    report="try",
    area="371703",
    county="371703",
    period=str(Month(2026, 11)),
    state=State.FROZEN,
    made_at=AT,
    sha=SHA,
    checked_by="小刘",
    checked_at=AT,
    signed_by="王主任",
    signed_at=AT,
    frozen_at=AT,
)
NOTES = (
    Said(NoteKind.REMARK, WHOLE, "", None, "以定稿为准", "", "小刘", AT),
    Said(NoteKind.REMARK, 1, "n", None, "问了两遍", "", "小刘", AT),
    Said(NoteKind.CORRECTION, 0, "n", 12, 13, "漏报一人", "小刘", AT),
)


def _nothing(session: Session, asked: Asked) -> Table:
    return TABLE


PAPER = Paper(
    Report("try", "通报", "给测试", PeriodKind.MONTH, _nothing),
    Level.COUNTY,
    5,
    addressee="各乡镇",
)


def _known(**changes: object) -> Opened:
    content = Content([TABLE, ADDED], ["现通报如下。"])
    return Opened(replace(VERSION, **changes), content, content, NOTES)  # type: ignore[arg-type]


def _file(ending: str, **changes: object) -> bytes:
    return printing.write(_known(**changes), PAPER, ending, MARK, "某县")


def _words(ending: str, **changes: object) -> str:
    if ending == ".docx":
        document = Document(io.BytesIO(_file(ending, **changes)))
        return "\n".join(one.text for one in document.paragraphs)
    return _file(ending, **changes).decode("utf-8-sig")


@pytest.mark.parametrize("ending", [".docx", ".html", ".md"])
def test_a_paper_has_all_parts_that_offices_want_in_order(ending: str) -> None:
    words = _words(ending)
    parts = (
        "某县通报",
        "〔",
        "各乡镇：",
        "现通报如下。",
        "补充说明：以定稿为准",
        "签发人：王主任",
    )
    places = [words.index(part) for part in (*parts, "2026年12月2日")]
    assert places == sorted(places)


@pytest.mark.parametrize("ending", [".docx", ".html", ".md", ".csv"])
def test_corrections_and_who_signed_stand_beneath_the_table(ending: str) -> None:
    words = _words(ending)
    assert "由12更正为13；原因：漏报一人（小刘，2026-12-02 09:00）" in words
    assert "核对：小刘 2026-12-02 09:00；签字：王主任" in words
    assert f"sha256:{SHA}" in words
    assert "乙镇“新登记”）：问了两遍" in words


@pytest.mark.parametrize("ending", [".docx", ".html", ".md", ".csv"])
def test_a_draft_says_that_it_is_one(ending: str) -> None:
    words = _words(ending, state=State.CHECKED, frozen_at=None, signed_by="")
    assert "草稿" in words
    assert "sha256:ffff" not in words


def test_a_document_has_each_table_and_its_number() -> None:
    document = Document(io.BytesIO(_file(".docx")))
    first, second = document.tables
    assert [cell.text for cell in first.rows[1].cells] == ["=1+1", "12"]
    assert second.rows[1].cells[0].text == "=HYPERLINK(1)"
    assert (document.core_properties.identifier, document.core_properties.author) == (
        "AB12CD34",
        "王主任",
    )


def test_a_workbook_has_a_sheet_for_what_is_added_and_no_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_file(".xlsx")))
    assert book.sheetnames[-1] == "佐证清单"
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert 12 in [cell.value for cell in cells]


def test_what_is_written_is_escaped_on_a_page() -> None:
    table = replace(TABLE, rows=[Row({"town": "<script>", "n": 1})])
    content = Content([table], ["<b>"])
    page = printing.write(Opened(VERSION, content, content), PAPER, ".html", MARK, "<i>").decode()
    assert "<script>" not in page
    assert "<b>" not in page
    assert "<i>" not in page


def test_a_day_stays_a_day_in_the_letter() -> None:
    letter = printing.a_letter(_known(), PAPER, "某县", MARK)
    assert letter.day == date(2026, 12, 2)


def _alone(ending: str, **changes: object) -> bytes:
    content = Content([TABLE])
    known = Opened(replace(VERSION, **changes), content, content)  # type: ignore[arg-type]
    return printing.write(known, PAPER, ending, replace(MARK, trail="3-abc"), "某县")


def test_a_table_without_words_is_no_letter() -> None:
    [page] = Document(io.BytesIO(_alone(".docx"))).sections
    assert page.orientation == WD_ORIENT.LANDSCAPE
    assert "〔" not in _alone(".html").decode()


def test_who_answers_for_a_table_stands_beside_the_seal() -> None:
    signed = _alone(".html").decode()
    assert "填报单位（盖章）：某县　　核对：小刘　　签字：王主任　　2026-12-02" in signed
    draft = _alone(".html", state=State.DRAFTED, checked_by="", signed_by="", frozen_at=None)
    assert "核对：＿＿＿＿＿　　签字：＿＿＿＿＿" in draft.decode()


def test_a_signed_paper_says_how_far_the_trail_was_sealed() -> None:
    assert "操作记录已封存到 3-abc" in _alone(".html").decode()
    assert "操作记录已封存到" not in _alone(".html", state=State.DRAFTED).decode()


def test_a_letters_table_keeps_its_header_and_lies_across() -> None:
    page = _file(".html").decode()
    assert '<section class="a4">' in page
    assert '<th scope="col">新登记（人）</th>' in page
