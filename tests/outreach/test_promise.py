"""The message to whom a policy newly fits: whole, true, and never longer than people can take."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entry import Entry, Rule, Status
from knowledge.library import load_library
from outreach import promise

LIBRARY = load_library()
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
RULED = [e for e in LIBRARY.entries.values() if e.rules and e.status is Status.IN_FORCE]
ENTRY = next(e for e in RULED if e.id == "dingtao-startup-subsidy-amount")


def said(entry: Entry) -> str:
    paper = LIBRARY.document(entry.area, entry.source)
    return promise.message(entry, paper, NOW)


@pytest.mark.parametrize("entry", RULED, ids=lambda entry: entry.id)
def test_every_entry_of_the_packs_fits_into_one_message(entry: Entry) -> None:
    text = said(entry)
    assert len(text) <= 90
    assert text.count("\n") < 4
    assert "看起来够条件，最后由" in text
    assert entry.phone or "电话待补" in text


@given(st.lists(st.integers(1, 40), max_size=8), st.integers(0, 25), st.integers(0, 20))
def test_however_long_the_parts_are_the_message_is_short(
    printed: list[int], agency: int, phone: int
) -> None:
    rules = tuple(Rule("contracts_1y", "ge", n, "签" * n, True) for n in printed)
    entry = replace(ENTRY, rules=rules, agency="局" * agency, phone="1" * phone)
    assert len(said(entry)) <= 90


def test_an_old_paper_is_said_to_be_old() -> None:
    assert "2017年12月21日，先打电话问" in said(ENTRY)


def test_a_bound_is_spoken() -> None:
    assert "不低于1.2万元" in said(ENTRY)


def test_conditions_cut_short_say_how_many_there_are() -> None:
    assert "首次领取营业执照" in said(ENTRY)
    assert "等" in said(ENTRY)
