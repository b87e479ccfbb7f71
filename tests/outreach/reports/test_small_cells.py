"""Small cells: hidden, and not to be worked out from a total (domain G-04)."""

from __future__ import annotations

from datetime import UTC, datetime

from outreach.reports.ledgers.small import HIDDEN, shown
from outreach.reports.periods import parse
from outreach.reports.table import Asked, Column, Row, Table, Unit, Value
from records.vault import Vault

COLUMNS = (Column("by", ""), Column("n", "", Unit.PEOPLE), Column("rate", "", Unit.PERCENT))


def _shown(*rows: tuple[str, Value, Value], total: int, is_public: bool = True) -> list[Value]:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    asked = Asked("", parse("2026"), now, Vault("x"), str, is_public)
    whole = Row({"by": "", "n": total, "rate": 50.0}, is_total=True)
    lines = [Row({"by": by, "n": n, "rate": rate}) for by, n, rate in rows]
    table = shown(Table("", COLUMNS, [whole, *lines]), asked, section="by")
    return [row.cells["n"] for row in table.rows]


def test_what_may_be_seen_is_seen() -> None:
    assert _shown(("a", 3, 1.0), ("a", 9, 1.0), total=12, is_public=False) == [12, 3, 9]


def test_one_hidden_alone_hides_the_next_smallest_too() -> None:
    found = _shown(("a", 3, 1.0), ("a", 9, 1.0), ("a", 20, 1.0), total=32)
    assert found == [32, HIDDEN, "—", 20]


def test_two_hidden_hide_each_other() -> None:
    assert _shown(("a", 3, 1.0), ("a", 4, 1.0), ("a", 9, 1.0), total=16) == [16, HIDDEN, HIDDEN, 9]


def test_each_section_adds_up_to_the_total_of_its_own() -> None:
    found = _shown(("a", 3, 1.0), ("a", 9, 1.0), ("b", 2, 1.0), ("b", 10, 1.0), total=12)
    assert found == [12, HIDDEN, "—", HIDDEN, "—"]


def test_nothing_is_told_of_nobody() -> None:
    assert _shown(("a", 0, None), ("a", 9, 1.0), total=9) == [9, 0, 9]


def test_what_is_left_of_a_whole_does_not_tell_of_the_few() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    asked = Asked("", parse("2026"), now, Vault("x"), str, is_public=True)
    columns = [Column(key, "", Unit.PEOPLE) for key in ("all", "met", "unmet")]
    table = Table("", columns, [Row({"all": 20, "met": 18, "unmet": 2})])
    [row] = shown(table, asked, parts={"all": ("met", "unmet")}).rows
    assert row.cells == {"all": 20, "met": "—", "unmet": HIDDEN}
