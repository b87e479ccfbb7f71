"""docs/reference/attacks.md and threat-model.md claim nothing that no test shows."""

from __future__ import annotations

import re

import pytest

from tests.support.named_tests import ROOT, missing_paths, missing_tests, named_tests

TEN = (ROOT / "docs/reference/attacks.md").read_text("utf-8")
MODEL = (ROOT / "docs/reference/threat-model.md").read_text("utf-8")
ROWS = [line.split(" | ") for line in TEN.splitlines() if re.match(r"\| A\d\d ", line)]
THREATS = [line.split(" | ") for line in MODEL.splitlines() if re.match(r"\| B\d\.\d+ ", line)]
STRIDE = {"S", "T", "R", "I", "D", "E"}


def test_each_of_the_ten_has_a_row() -> None:
    assert [row[0][2:5] for row in ROWS] == [f"A{number:02}" for number in range(1, 11)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][2:5])
def test_the_tests_of_a_row_are_there(row: list[str]) -> None:
    assert named_tests(row[2])
    assert missing_tests(row[2]) == []


def test_each_boundary_has_a_row_for_each_kind_of_threat() -> None:
    boundaries = re.findall(r"^### (B\d) ", MODEL, re.M)
    assert len(boundaries) >= 7
    kinds = {one: {row[1] for row in THREATS if row[0][2:4] == one} for one in boundaries}
    assert kinds == dict.fromkeys(boundaries, STRIDE)


@pytest.mark.parametrize("row", THREATS, ids=lambda row: row[0][2:])
def test_a_threat_has_something_against_it_or_says_what_remains(row: list[str]) -> None:
    _, _, _, stands, tests, remains = row
    assert (named_tests(tests) and "`" in stands) or remains.strip(" |–")
    assert missing_tests(tests) == []


def test_every_file_that_the_model_names_is_there() -> None:
    assert missing_paths(MODEL) == []


def test_a_test_or_file_that_is_not_there_is_found() -> None:
    assert missing_tests("`tests/test_attacks.py::test_no_such`") == [
        "tests/test_attacks.py::test_no_such"
    ]
    assert missing_paths("`records/no_such.py`") == ["records/no_such.py"]
