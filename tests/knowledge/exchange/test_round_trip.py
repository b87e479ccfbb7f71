"""What is exported and read back changes nothing, whatever program saved it in between."""

from __future__ import annotations

import random
import tomllib
from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from knowledge.exchange.cells import cell_of, safe
from knowledge.exchange.content import Content
from knowledge.exchange.lines import figure_lines, read_figures, read_rules, rule_lines
from knowledge.exchange.report import Outcome
from knowledge.exchange.toml_text import Blocks, document_block, entry_text, silence_block
from knowledge.exchange.workbook import workbook_of
from knowledge.reading import ENTRY_KEYS
from tests.knowledge.exchange.tables import CAP, Table, exported, held, saved, shipped

ALL = Content(shipped().pages)
DAY = datetime(2027, 6, 30)  # noqa: DTZ001 (a cell knows no zone)
FOLDERS = sorted(ALL.sections)


def test_all_that_we_ship_exported_and_read_back_changes_nothing() -> None:
    edits = held(workbook_of(ALL), shipped())
    entries = sum(path.count("/policies/") for path in ALL.pages)
    assert len(edits.report.lines) > entries
    assert {line.outcome for line in edits.report.lines} == {Outcome.UNCHANGED}
    assert not edits.pages


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_entry_is_written_as_it_reads(folder: str) -> None:
    for data in ALL.sections[folder].entries.values():
        assert tomllib.loads(entry_text(data, ENTRY_KEYS)) == data


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_document_is_exchanged_alone(folder: str) -> None:
    section = ALL.sections[folder]
    blocks = Blocks(section.head, "documents")
    for key, data in section.documents.items():
        blocks.put(f"documents.{key}", document_block(key, {**data, "note": "x"} | {"key": ""}))
    read = tomllib.loads(blocks.text)
    assert {d["note"] for d in read.get("documents", {}).values()} <= {"x"}
    assert read["area"] == section.code
    assert section.head.count("#") == blocks.text.count("#")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_silence_is_exchanged_alone(folder: str) -> None:
    section = ALL.sections[folder]
    blocks = Blocks(section.silent, "unknown")
    for number, data in enumerate(section.silences):
        blocks.put("unknown", silence_block(data), nth=number)
    assert tomllib.loads(blocks.text).get("unknown", []) == section.silences


def test_columns_in_another_order_change_nothing() -> None:
    table = Table()
    sheet = table.sheet
    order = list(range(1, sheet.max_column + 1))
    random.Random(3).shuffle(order)
    rows = [[sheet.cell(n, c).value for c in order] for n in range(1, sheet.max_row + 1)]
    table.book.remove(sheet)
    other = table.book.create_sheet("定陶")
    for row in rows:
        other.append(row)
    assert not held(table.data).pages


def test_blank_rows_spaces_in_headings_and_a_new_sheet_name_change_nothing() -> None:
    table = Table()
    for cell in table.sheet[1]:
        cell.value = f" {cell.value[0]} {cell.value[1:]}： "
    table.sheet.title = "Sheet1 (2)"
    table.sheet.insert_rows(1, 3)
    table.sheet.insert_rows(20, 5)
    assert not held(table.data).pages


def test_cells_turned_into_numbers_and_dates_change_nothing() -> None:
    table = Table(workbook_of(ALL.only(frozenset({"xiangtan"}))), "湘潭·文件")
    years = table.column("日期")
    for number in range(2, table.sheet.max_row + 1):
        table.sheet.cell(number, years).value = int(table.sheet.cell(number, years).value)
    assert not held(table.data, shipped()).pages


def test_a_date_typed_as_a_date_is_the_same_day() -> None:
    for value in (DAY, "2027/6/30", "２０２７年６月３０日", 46568):
        assert not held(Table().set(CAP, "复核日期", value).data).pages, value


def test_rich_text_is_read_as_its_words() -> None:
    table = Table()
    words = table.sheet.cell(table.row(CAP), table.column("标题")).value
    rich = CellRichText(TextBlock(InlineFont(b=True), words[:3]), words[3:])
    assert not held(table.set(CAP, "标题", rich).data).pages


def test_a_cell_merged_down_counts_for_each_of_its_rows() -> None:
    table = Table()
    column = table.column("部门")
    first = table.row(CAP)
    for number in (first, first + 1):
        table.sheet.cell(number, column).value = "区人社局"
    table.sheet.merge_cells(
        start_row=first, end_row=first + 1, start_column=column, end_column=column
    )
    below = table.sheet.cell(first + 1, table.column("编号")).value
    page = held(table.data).pages.get(f"dingtao/policies/{below}.toml")
    assert page is None or 'agency = "区人社局"' in page


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30))
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    kept = safe(text.strip())
    assert not kept.startswith(("=", "+", "-", "@"))
    assert cell_of(kept).text == cell_of(safe(cell_of(kept).text)).text


_PRINTED = st.text(st.characters(categories=["Lo", "Nd"], include_characters="｜| ，"), max_size=9)


@given(st.integers(0, 10**12) | st.decimals(0, 999, places=2), _PRINTED.map(str.strip))
@settings(max_examples=200)
def test_a_figure_reads_as_it_was_written(value: Any, printed: str) -> None:
    number = value if isinstance(value, int) else float(value)
    figures = {"cap": {"value": number, "unit": "元", "bound": "max", "printed": printed}}
    assert read_figures(figure_lines(figures)) == figures


@pytest.mark.parametrize(
    ("attr", "op", "value"),
    [
        ("months_operating", "ge", 6),
        ("entity_type", "in", ["个体户", "公司"]),
        ("first_registration", "is", True),
        ("contracts_signed", "is", False),
        ("social_insurance", "is", "paid"),
        ("loan_kind", "is", "small_firm"),
        ("recognised_as", "has", "示范园区"),
    ],
)
def test_a_rule_reads_as_it_was_written(attr: str, op: str, value: object) -> None:
    rule = {"attr": attr, "op": op, "value": value, "printed": "按｜规定", "defined": False}
    assert read_rules(rule_lines([rule])) == [rule]


def test_a_workbook_says_how_to_edit_it_and_offers_the_closed_lists() -> None:
    book = openpyxl.load_workbook(BytesIO(exported()))
    assert book.sheetnames == ["说明", "定陶", "定陶·文件", "定陶·没写的", "清单"]
    sheet = book["定陶"]
    assert (sheet.freeze_panes, sheet.protection.sheet) == ("B2", True)
    assert len(sheet.data_validations.dataValidation) == 5
    assert sheet["A2"].protection.locked
    assert not sheet["G2"].protection.locked
    assert {cell.number_format for cell in sheet[2]} == {"@"}


def test_saving_again_with_another_program_changes_nothing() -> None:
    assert not held(saved(openpyxl.load_workbook(BytesIO(exported())))).pages
