"""The month's figures in public: small ones hidden, also by sums, in tables and in words."""

from __future__ import annotations

from datetime import datetime

import pytest

from outreach.calendars import CHINA
from outreach.reports.notices import public
from outreach.reports.notices.figures import said
from outreach.reports.notices.months import notice_words
from outreach.reports.periods import parse
from outreach.reports.table import Asked, Column, Row, Table, Unit, Value
from records.vault import Vault

NOW = datetime(2026, 12, 1, 9, tzinfo=CHINA)
OPEN = Asked("371703", parse("2026-11"), NOW, Vault("for tests"), str, is_public=True)
COLUMNS = (Column("town", "乡镇"), Column("registered", "新登记", Unit.PEOPLE))


def _beneath(**figures: Value) -> dict[str, Value]:
    rows = [Row({"now": value}, {"now": name}, subject=name) for name, value in figures.items()]
    shown = public.beneath(Table("表", (Column("now", "本月"),), rows), OPEN, "now")
    assert not any(row.opens for row in shown.rows)
    return {row.subject: row.cells["now"] for row in shown.rows}


def _beside(*counts: int) -> list[Value]:
    rows = [Row({"town": f"镇{n}", "registered": count}) for n, count in enumerate(counts)]
    total = Row({"town": "合计", "registered": sum(counts)}, is_total=True)
    shown = public.beside(Table("表", COLUMNS, [*rows, total]), OPEN)
    return [row.cells["registered"] for row in shown.rows]


@pytest.mark.parametrize(
    ("counts", "seen"),
    [
        ((3, 9, 20), ["<5", "—", 20, 32]),
        ((0, 9, 20), [0, 9, 20, 29]),
        ((1, 1, 20), ["<5", "<5", "—", 22]),
    ],
)
def test_a_county_s_lines_hide_what_their_sum_gives_away(
    counts: tuple[int, ...], seen: list[Value]
) -> None:
    assert _beside(*counts) == seen


def test_the_parts_of_a_year_are_not_worked_out_from_each_other() -> None:
    found = _beneath(year_old=20, survived=12, failed=3, unheard=5)
    assert (found["year_old"], found["failed"]) == (20, "<5")
    assert [found["survived"], found["unheard"]].count("—") >= 1


def test_a_time_taken_of_few_is_not_told() -> None:
    assert _beneath(done=2, took=9) == {"done": "<5", "took": "—"}
    assert _beneath(done=20, took=9) == {"done": 20, "took": 9}


@pytest.mark.parametrize(
    ("value", "words"), [(12, "12人"), ("<5", "<5人"), ("—", "不公开"), (None, "没有数")]
)
def test_words_tell_no_more_than_the_table(value: Value, words: str) -> None:
    assert said({"registered": value}, "registered") == words


def test_a_notice_has_no_number_that_its_table_hides() -> None:
    cells: dict[str, Value] = {"town": "合计", "registered": 3, "with_intent": 2, "done": 30}
    table = public.beside(Table("表", COLUMNS, [Row(cells, is_total=True)]), OPEN)
    text = "".join(notice_words(table, OPEN))
    assert "新登记<5人，其中有创业意向<5人" in text
