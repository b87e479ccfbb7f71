"""Each requirement of law and platforms has its row, and each test named there is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from records.schema import METADATA

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "personal-information.md"
WANTED = [
    f"{kind}-{n:02d}"
    for kind, last in (("P", 30), ("M", 13), ("G", 17))
    for n in range(1, last + 1)
]
STATES = {"met", "partly", "nothing to meet"}


def _rows() -> list[list[str]]:
    lines = PAGE.read_text("utf-8").splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in lines
        if re.match(r"\| [PMG]-\d\d \|", line)
    ]


def test_each_requirement_has_one_row() -> None:
    assert [row[0].strip() for row in _rows()] == WANTED


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0])
def test_each_row_says_how_and_names_tests_that_are_there(row: list[str]) -> None:
    _, state, how, tests = row
    assert state in STATES
    assert how
    named = re.findall(r"`([^`]+)::(\w+)`", tests)
    assert named
    for path, name in named:
        assert re.search(rf"def {name}\(", (ROOT / path).read_text("utf-8")), f"{path}::{name}"


def test_no_table_counts_who_is_diligent() -> None:
    """No points, no ranking, no check-in of staff or people (domain G-01)."""
    counted = re.compile(
        r"(^|_)(points?|rank(ing)?|streak|check_?ins?|online|installs?|credits?)(_|$)"
    )
    columns = [f"{t.name}.{c.name}" for t in METADATA.sorted_tables for c in t.columns]
    found = [name for name in columns if counted.search(name.partition(".")[2])]
    assert found == ["contact_change.rank"]  # which change of a customer is newer
