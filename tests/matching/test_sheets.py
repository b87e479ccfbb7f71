"""Grading sheets: in words, each pair once; what is wrong is named; two graders compared."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bot.benching import graded
from matching import cases, sheets
from matching.sheets import Grades, SheetFault

CASES = cases.for_clerks()
SHEETS = [Path(__file__).parent / "graded" / f"{who}.csv" for who in ("first", "second")]
FILLED = SHEETS[0].read_text("utf-8")
FIRST_LINE = FILLED.splitlines()[1]


def _grades(*values: int) -> Grades:
    return {(str(n), "x"): value for n, value in enumerate(values)}


def test_a_blank_sheet_has_every_pair_once_and_no_code_of_ours() -> None:
    rows = list(csv.DictReader(sheets.blank(CASES, 1).lstrip("\ufeff").splitlines()))
    assert len({(row["人"], row["项目"]) for row in rows}) == len(rows) == 720
    assert {row["打分"] for row in rows} == {""}
    assert not any("_" in row["这个人的情况"] + row["项目的情况"] for row in rows)


def test_each_clerk_gets_another_order() -> None:
    assert sheets.blank(CASES, 1) != sheets.blank(CASES, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_sheet_is_read_as_a_spreadsheet_program_leaves_it(encoding: str) -> None:
    found = sheets.read(
        FILLED.replace("\n", "\r\n").replace("\n01,", "\n1,").encode(encoding), CASES
    )
    assert found["01", "林下养土鸡"] == 3
    assert len(found) == 720


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "column 人"),
        ("人" * 200_000, "line 0: not a row"),
        (FILLED.replace("打分", "分", 1), "column 打分"),
        (
            FILLED.replace(FIRST_LINE, FIRST_LINE[:-1] + "4"),
            "line 2: a grade is 0, 1, 2 or 3, not 4",
        ),
        (FILLED.replace(FIRST_LINE, FIRST_LINE[:-1]), "left empty"),
        (FILLED.replace(FIRST_LINE, FIRST_LINE.replace("01,", "99,", 1)), "no such person"),
        (FILLED + FIRST_LINE, "a second time"),
        (FILLED.replace(FIRST_LINE + "\n", ""), "1 pairs have no line"),
    ],
)
def test_what_is_wrong_with_a_sheet_is_named(text: str, told: str) -> None:
    with pytest.raises(SheetFault, match=told):
        sheets.read(text.encode(), CASES)


@pytest.mark.parametrize(
    ("one", "other", "plain", "weighted"),
    [
        ((0, 1, 2, 3), (0, 1, 2, 3), 1, 1),
        ((0, 0, 3, 3), (0, 3, 0, 3), 0, 0),
        ((0, 0, 3, 3), (3, 3, 0, 0), -1, -1),
        ((0, 0, 2, 2), (0, 0, 3, 3), 1 / 3, 6 / 7),
        ((2, 2), (2, 2), 1, 1),
    ],
)
def test_kappa_is_of_what_agreement_is_left_beyond_chance(
    one: tuple[int, ...], other: tuple[int, ...], plain: float, weighted: float
) -> None:
    assert sheets.kappa(_grades(*one), _grades(*other)) == pytest.approx(plain)
    found = sheets.kappa(_grades(*one), _grades(*other), is_weighted=True)
    assert found == pytest.approx(weighted)


def test_the_figures_of_a_graded_set_are_all_there() -> None:
    found = graded.measure(SHEETS)
    assert (found["people"], found["projects"], found["graders"]) == (60, 12, 2)
    assert found["kappa_weighted"] > found["kappa"] > 0.6
    assert found["ndcg_at_3"] > found["ndcg_newest_first"]


def test_of_one_grader_there_is_no_kappa() -> None:
    assert "kappa" not in graded.measure(SHEETS[:1])
