"""Who waits for another worker: for how long."""

from __future__ import annotations

import pytest

from handlers.beside import Beside, a_moment


class Elsewhere:
    """Another worker is at every conversation, and at work."""

    async def take(self, keys: object) -> set[str]:
        return set()

    async def abandoned(self, keys: object) -> set[str]:
        return set()

    def end(self, keys: object) -> None:
        """Nothing was ours."""

    async def close(self) -> None:
        """Nothing to let go of."""


@pytest.mark.parametrize("tries", [0, 5, 5_000])
def test_a_moment_is_never_long(tries: int) -> None:
    assert 0 <= a_moment(tries) <= 1.6


async def test_who_finds_another_at_it_for_an_hour_still_waits_a_moment() -> None:
    beside = Beside(Elsewhere())
    rests = [await beside.ours(["telegram:1"]) for _ in range(1_100)]
    assert all(ours == [] and rest <= 1.6 for ours, rest in rests)
