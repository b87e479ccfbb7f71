"""How many of the development questions come out right, by the rule of questions/README.md.

The figures of the day are in docs/reference/figures.md; the floors lie a little below them.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from knowledge.answer import Answer, Answerer

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
FOLDER = Path(__file__).with_name("questions")
FLOORS = {
    "tune": 0.96,
    "tune-more": 0.96,
    "tune-3a": 0.96,
    "tune-3b": 0.96,
    "tune-3c": 0.96,
    "tune-4": 0.96,
    "tune-5a": 0.94,
    "tune-5b": 0.92,
    "tune-5c": 0.88,
    "tune-7": 0.96,
    "tune-8": 0.95,
    "tune-9a": 0.93,
    "tune-9b": 0.92,
    "measure-3a": 0.92,
    "measure-3b": 0.92,
    "measure-3c": 0.92,
    "measure-4": 0.90,
    "measure-5": 0.88,
    "measure-6": 0.93,
}
MOST_WRONG_FIGURES = 0.01

Row = dict[str, Any]


@pytest.fixture(scope="module")
def answered(answerer: Answerer) -> dict[str, list[tuple[Row, Answer]]]:
    return {name: [(row, _asked(answerer, row)) for row in _rows(name)] for name in FLOORS}


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_enough_questions_come_out_right(
    name: str, floor: float, answered: dict[str, list[tuple[Row, Answer]]]
) -> None:
    wrong = [row["id"] for row, answer in answered[name] if not _is_right(row["expect"], answer)]
    share = 1 - len(wrong) / len(answered[name])
    assert share >= floor, f"{name}: {share:.3f}, wrong: {wrong}"


@pytest.mark.parametrize("name", FLOORS)
def test_hardly_any_answer_says_what_it_must_not(
    name: str, answered: dict[str, list[tuple[Row, Answer]]]
) -> None:
    wrong = [row["id"] for row, answer in answered[name] if _says_wrong(row["expect"], answer)]
    assert len(wrong) <= MOST_WRONG_FIGURES * len(answered[name]), wrong


def _rows(name: str) -> list[Row]:
    lines = FOLDER.joinpath(f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _asked(answerer: Answerer, row: Row) -> Answer:
    return answerer.answer(row["question"], area=row["area"], prev=row["prev"], now=NOW)


def _is_right(expect: Row, answer: Answer) -> bool:
    spellings = [[must] if isinstance(must, str) else must for must in expect["must"]]
    return (
        answer.decision in expect["decisions"]
        and all(any(text in answer.text for text in each) for each in spellings)
        and not _says_wrong(expect, answer)
        and _is_cited(expect["source"], answer)
    )


def _is_cited(source: str, answer: Answer) -> bool:
    cited = (name for s in answer.sources for name in (s.title, s.number))
    return not source or any(source in name for name in cited)


def _says_wrong(expect: Row, answer: Answer) -> bool:
    return any(text in answer.text for text in expect["must_not"])
