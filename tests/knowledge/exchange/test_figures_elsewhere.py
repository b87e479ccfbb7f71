"""A figure of another entry in the spreadsheet: shown as it is there, changed only there."""

from __future__ import annotations

import tomllib

import pytest

from knowledge.exchange.content import Content
from knowledge.exchange.lines import read_figures, read_rules, rule_lines
from knowledge.exchange.report import Outcome
from knowledge.exchange.settling import Ground
from knowledge.exchange.workbook import workbook_of
from knowledge.library import in_service
from tests.knowledge.exchange.tables import CAP, Table, held, line_of, small, told

CAPS, FIRM = "dingtao-loan-caps", "dingtao-loan-firm-cap"
PERSON = f"person｜100000 同 {CAP}.cap｜元｜最高｜最高10万元"
BUSINESS = f"firm｜3000000 同 {FIRM}.cap｜元｜最高｜最高300万元"
RAISED = "cap｜120000｜元｜最高｜最高12万元"
THERE = {f"{CAP}.cap": {"value": 100000, "unit": "元", "bound": "max", "printed": "最高10万元"}}


def ground() -> Ground:
    """The overview of the loans among the few entries."""
    return Ground(small("loan-caps", "loan-firm-cap"), {})


def table() -> Table:
    return Table(workbook_of(Content(ground().pages)))


def test_it_is_shown_as_it_stands_there() -> None:
    sheet = table()
    cell = sheet.sheet.cell(sheet.row(CAPS), sheet.column("数字")).value
    assert cell == f"{PERSON}\n{BUSINESS}"


def test_one_edited_row_changes_all_answers_that_tell_its_figure() -> None:
    edits = held(table().set(CAP, "数字", RAISED).data, ground())
    assert list(edits.pages) == [f"dingtao/policies/{CAP}.toml"]
    library, left_out = in_service(edits.pages, ground().shelf)
    entry = library.entries[CAPS]
    assert (entry.spoken(entry.answer)[:11], left_out) == ("干个体的最高12万元，", {})


def test_a_row_that_tells_it_too_is_edited_beside_it() -> None:
    edited = table().set(CAP, "数字", RAISED).set(CAPS, "电话", "0530-2111111")
    edits = held(edited.data, ground())
    assert len(edits.pages) == 2
    assert tomllib.loads(edits.pages[f"dingtao/policies/{CAPS}.toml"] or "")["figures"] == {
        "person": {"same_as": f"{CAP}.cap"},
        "firm": {"same_as": f"{FIRM}.cap"},
    }


@pytest.mark.parametrize(("was", "now"), [("100000 同", "120000 同"), ("最高10万", "最高12万")])
def test_it_is_not_changed_where_it_is_only_told(was: str, now: str) -> None:
    edits = held(table().set(CAPS, "数字", PERSON.replace(was, now)).data, ground())
    assert not edits.pages
    assert f"这个数字同 {CAP}.cap：请在那一条里改" in told(edits)


def test_a_table_from_before_the_change_is_not_at_fault() -> None:
    before = table()
    pages = held(table().set(CAP, "数字", RAISED).data, ground()).pages
    edits = held(before.data, Ground(ground().shelf, pages))
    assert (edits.pages, edits.report.count(Outcome.FAULTY)) == ({}, 0)


def test_an_entry_whose_figure_others_tell_is_not_withdrawn_alone() -> None:
    edits = held(table().set(CAP, "状态", "撤回").data, ground())
    assert not edits.pages
    [mistake] = line_of(edits, CAP).mistakes
    assert str(mistake).startswith(f"“状态”列：{CAPS} 还在说 {CAP} 的数字")
    assert f"withdraw {CAP} --with-referring" in mistake.fault
    both = table().set(CAP, "状态", "撤回").set(CAPS, "状态", "撤回")
    assert len(held(both.data, ground()).pages) == 2


@pytest.mark.parametrize(
    ("line", "figure"),
    [
        (PERSON, {"same_as": f"{CAP}.cap"}),
        (f"person｜同 {CAP}.cap", {"same_as": f"{CAP}.cap"}),
        (f"person|同{CAP}．cap||打算|", {"same_as": f"{CAP}.cap", "bound": "planned"}),
        (f"person｜同 {CAP}.cap｜｜最高｜", {"same_as": f"{CAP}.cap"}),
    ],
)
def test_a_reference_is_read_however_it_is_written(line: str, figure: dict[str, str]) -> None:
    assert read_figures(line, THERE) == {"person": figure}


def test_a_reference_to_nothing_is_refused_at_its_row() -> None:
    edits = held(table().set(CAPS, "数字", f"person｜同 {CAP}.most\n{BUSINESS}").data, ground())
    assert "可那里没有这个数字" in told(edits)
    assert line_of(edits, CAPS).mistakes[0].heading == "数字"


def test_a_rule_may_take_its_number_from_a_figure() -> None:
    rule = {"attr": "months_operating", "op": "ge", "value_of": "months", "defined": True}
    [line] = rule_lines([rule]).splitlines()
    assert line == "经营月数｜至少｜同 months｜写清了｜"
    assert read_rules(line) == [rule]
