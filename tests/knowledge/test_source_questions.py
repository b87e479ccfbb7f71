"""Each item that the source documents name, asked about in plain words, is answered from them."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from knowledge.answer import Answerer, Decision
from knowledge.library import Library, load_library

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
FILE = tomllib.loads(Path(__file__).with_name("source_questions.toml").read_text("utf-8"))
ROWS: list[dict[str, Any]] = FILE["question"]


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="module")
def answerer(library: Library) -> Answerer:
    return Answerer(library)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_plain_question_is_answered_from_the_right_document(
    row: dict[str, Any], answerer: Answerer
) -> None:
    source = FILE["source"][row["id"][:2]]
    answer = answerer.answer(row["ask"], area=source["area"], now=NOW)
    assert answer.decision in {Decision.ANSWER, Decision.NOT_STATED}
    assert set(answer.entries) & set(row["entries"]), answer.text
    assert {cited.title for cited in answer.sources} <= set(source["documents"])
    assert answer.sources


def test_no_question_is_a_wording_that_an_entry_lists(library: Library) -> None:
    listed = {wording for entry in library.entries.values() for wording in entry.asked_as}
    assert listed.isdisjoint(row["ask"] for row in ROWS)
