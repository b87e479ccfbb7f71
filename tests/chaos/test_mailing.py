"""The account of the campaign in the chaos rounds sees what is broken."""

from __future__ import annotations

import pytest

from tests.chaos.mailing import fault_of


@pytest.mark.parametrize(
    ("state", "times"),
    [("sent", 1), ("stopped", 0), ("uncertain", 0), ("uncertain", 1), ("failed", 1)],
)
def test_what_may_be(state: str, times: int) -> None:
    assert not fault_of(state, times)


@pytest.mark.parametrize(
    ("state", "times"), [("sent", 0), ("sent", 2), ("stopped", 1), ("queued", 1), ("uncertain", 2)]
)
def test_what_may_not_be(state: str, times: int) -> None:
    assert fault_of(state, times)
