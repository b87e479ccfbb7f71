"""Every entry is found by its own wordings, and says no figure that its paper does not print.

On 2026-11-22, 12,373 of the 12,535 wordings (0.987) found their entry or the same answer; most of
the others belong to what holds everywhere, and are asked here by somebody without an area.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from knowledge.answer import Answer, Answerer, Decision
from knowledge.compose import NO_PHONE
from knowledge.entry import Entry, Kind
from knowledge.library import Library
from knowledge.numerals import number
from knowledge.shelf import EVERYWHERE
from knowledge.text import normalise

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
FLOOR = 0.97
COUNT = re.compile(r"\d+(?:\.\d+)?[万亿]?(?=元|户|个|家|人)|\d+(?:\.\d+)?[万亿]")
DIGITS = re.compile(r"\d+(?:\.\d+)?")

Asked = tuple[Entry, str, Answer]


@pytest.fixture(scope="module")
def asked(library: Library, answerer: Answerer) -> list[Asked]:
    """Every entry asked for in each of its own wordings, by somebody of its area."""
    return [
        (entry, wording, answerer.answer(wording, area=_home(entry), now=NOW))
        for entry in library.entries.values()
        for wording in entry.asked_as
    ]


def test_an_entry_is_found_by_its_own_wordings(asked: list[Asked], library: Library) -> None:
    missed = [(e.id, wording) for e, wording, a in asked if not _is_found(e, a, library)]
    share = 1 - len(missed) / len(asked)
    assert share >= FLOOR, f"{share:.4f}, missed: {missed[:20]}"


def test_a_policy_answer_ends_with_its_paper_and_whom_to_ask(
    asked: list[Asked], library: Library
) -> None:
    for _, wording, answer in asked:
        told = [library.entries[name] for name in answer.entries]
        if answer.decision is Decision.ANSWER and any(_is_policy(entry) for entry in told):
            last = answer.text.splitlines()[-1]
            assert last.startswith("依据："), wording
            assert NO_PHONE in last or any(e.phone and e.phone in last for e in told), wording


def test_what_is_not_stated_names_whom_to_ask(asked: list[Asked], library: Library) -> None:
    for entry, wording, answer in asked:
        if answer.decision is Decision.NOT_STATED and entry.id in answer.entries and entry.agency:
            assert "可以问" in answer.text, wording
            assert answer.sources, wording


def test_an_entry_says_only_its_own_figures(library: Library) -> None:
    for entry in library.entries.values():
        said = entry.spoken(" ".join((entry.answer, *entry.conditions, *entry.materials)))
        assert _counts(said) <= _printed([entry]), entry.id


def test_a_detail_adds_only_figures_of_the_same_area(library: Library) -> None:
    for pack in library.packs.values():
        printed = _printed(pack.entries)
        for entry in pack.entries:
            assert _counts(entry.spoken(entry.detail)) <= printed, entry.id


def _home(entry: Entry) -> str | None:
    return None if entry.area in EVERYWHERE else entry.area


def _is_policy(entry: Entry) -> bool:
    return entry.kind is Kind.POLICY and bool(entry.source)


def _is_found(entry: Entry, answer: Answer, library: Library) -> bool:
    same = any(library.entries[name].answer == entry.answer for name in answer.entries)
    return entry.id in answer.entries or same or entry.spoken(entry.answer) in answer.text


def _counts(text: str) -> set[Decimal | None]:
    return {number(found) for found in COUNT.findall(text)}


def _printed(entries: tuple[Entry, ...] | list[Entry]) -> set[Decimal | None]:
    """The figures of the entries, and all numbers in the words that their papers print."""
    figures = [figure for entry in entries for figure in entry.figures.values()]
    words = [f.printed for f in figures] + [r.printed for e in entries for r in e.rules]
    numbers = {Decimal(d) for text in words for d in DIGITS.findall(normalise(text))}
    return {*numbers, *(figure.value for figure in figures)}
