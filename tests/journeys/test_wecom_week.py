"""A small week of 微信客服; `make wecom-week` lives through one of two thousand people."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable

import pytest

from records.outbox import OutboxState
from tests.wecom_week.account import Books, balance
from tests.wecom_week.people import Kind, kind_of, week
from tests.wecom_week.week import Report, Size, Week


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    size = Size(people=20, days=2, seed=3, areas="定陶")
    return asyncio.run(Week(size, tmp_path_factory.mktemp("week")).run())


def test_the_books_of_a_week_balance(report: Report) -> None:
    assert report.account.faults == []
    assert report.facts["overdrawn"] == 0
    assert report.facts["starts"] == 3
    assert report.account.states["merged"] > 0


def _sent(books: Books) -> int:
    return next(n for n, row in books.rows.items() if row.state == OutboxState.SENT and n)


def _lose_from_the_phone(books: Books) -> None:
    del books.shown[_sent(books)]


def _show_twice(books: Books) -> None:
    books.shown[_sent(books)] *= 2


def _forget_a_message(books: Books) -> None:
    del books.rows[_sent(books)]


def _hold_a_message(books: Books) -> None:
    row = books.rows[_sent(books)] = copy.copy(books.rows[_sent(books)])
    row.state = OutboxState.HELD.value


def _lose_what_was_said(books: Books) -> None:
    books.came.pop()


def _store_twice(books: Books) -> None:
    books.came.append(books.came[0])


@pytest.mark.parametrize(
    "spoil",
    [
        _lose_from_the_phone,
        _show_twice,
        _forget_a_message,
        _hold_a_message,
        _lose_what_was_said,
        _store_twice,
    ],
)
def test_books_that_are_spoiled_do_not_balance(
    report: Report, spoil: Callable[[Books], None]
) -> None:
    books = copy.copy(report.books)
    books.rows, books.shown = dict(books.rows), copy.copy(books.shown)
    books.came = list(books.came)
    spoil(books)
    assert balance(books, report.said, set()).faults


def test_every_sort_of_person_takes_part() -> None:
    assert {kind_of(number) for number in range(100)} == set(Kind)


def test_a_week_is_the_same_for_the_same_seed() -> None:
    assert week(30, 5) == week(30, 5) != week(30, 6)
