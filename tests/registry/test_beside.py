"""What another process makes arrives in order, and whole or not at all."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest

from knowledge.exchange.guard import FileRefused
from registry.beside import Cut, beside


def _refusing() -> Iterator[int]:
    yield 1
    raise FileRefused("没有表头")


def _dying() -> Iterator[int]:
    yield 1
    os._exit(9)


def test_items_arrive_in_order_and_are_made_elsewhere() -> None:
    made = list(beside((number, os.getpid()) for number in range(100)))
    assert [number for number, _ in made] == list(range(100))
    assert os.getpid() not in {process for _, process in made}
    assert gc.isenabled()


def test_large_items_arrive_whole() -> None:
    assert [len(one) for one in beside(b"x" * size for size in (10, 5_000_000, 3))] == [
        10,
        5_000_000,
        3,
    ]


def test_a_file_that_is_refused_there_is_refused_here() -> None:
    with pytest.raises(FileRefused, match="没有表头"):
        list(beside(_refusing()))


def test_a_reader_that_dies_is_no_end_of_the_file() -> None:
    with pytest.raises(Cut, match="import it again"):
        list(beside(_dying()))


def test_who_wants_no_more_leaves_nobody_behind() -> None:
    some = beside((number, os.getpid()) for number in range(10**9))
    _, process = next(some)
    some.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
