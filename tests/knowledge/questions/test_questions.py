"""The question files are well formed, so that a wrong answer is never a wrong question."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
FILES = (
    "tune.jsonl",
    "tune-more.jsonl",
    "tune-4.jsonl",
    "tune-3a.jsonl",
    "measure-3a.jsonl",
    "tune-3b.jsonl",
    "measure-3b.jsonl",
    "tune-3c.jsonl",
    "measure-3c.jsonl",
    "measure-4.jsonl",
    "measure-5.jsonl",
    "tune-5a.jsonl",
    "tune-5b.jsonl",
    "tune-5c.jsonl",
    "tune-7.jsonl",
    "tune-8.jsonl",
)
KINDS = {
    "plain",
    "colloquial",
    "dialect",
    "typo",
    "voice",
    "traditional",
    "amounts",
    "multi",
    "follow_up",
    "wrong_area",
    "silent",
    "out_of_scope",
    "chat",
}
DECISIONS = {
    "answer",
    "clarify",
    "other_area",
    "not_stated",
    "unknown",
    "smalltalk",
    "out_of_scope",
    "human",
}

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def spellings(row: Row) -> list[str]:
    """Every string that may satisfy a `must`."""
    found: list[str] = []
    for item in row["expect"]["must"]:
        found += [item] if isinstance(item, str) else item
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_row_has_exactly_the_documented_fields(name: str) -> None:
    for row in rows(name):
        assert set(row) == {"id", "kind", "question", "area", "prev", "expect"}, row
        assert set(row["expect"]) == {"decisions", "must", "must_not", "source"}, row
        assert row["question"].strip(), row


@pytest.mark.parametrize("name", FILES)
def test_kinds_and_decisions_are_from_the_lists(name: str) -> None:
    for row in rows(name):
        assert row["kind"] in KINDS, row
        assert row["expect"]["decisions"], row
        assert set(row["expect"]["decisions"]) <= DECISIONS, row


@pytest.mark.parametrize("name", FILES)
def test_no_forbidden_string_sits_inside_a_required_one(name: str) -> None:
    for row in rows(name):
        for bad in row["expect"]["must_not"]:
            assert not any(bad in good for good in spellings(row)), row


@pytest.mark.parametrize("name", FILES)
def test_follow_ups_and_only_they_have_earlier_messages(name: str) -> None:
    for row in rows(name):
        assert bool(row["prev"]) == (row["kind"] == "follow_up"), row


def test_ids_are_unique_over_all_files() -> None:
    ids = Counter(row["id"] for name in FILES for row in rows(name))
    assert ids.most_common(1)[0][1] == 1


def test_no_question_is_in_two_files() -> None:
    asked = Counter((r["question"], *r["prev"]) for name in FILES for r in rows(name))
    assert [question for question, times in asked.items() if times > 1] == []
