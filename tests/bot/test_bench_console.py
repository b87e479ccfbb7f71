"""The bench of pages looks at those of a county, a town and a village, over all offices' work."""

from __future__ import annotations

from bot.benching import console


def test_every_office_is_looked_at() -> None:
    found = console.measure(people=600, only=("/courses/{course}", "/people", "/households"))
    assert found["people"] == 600
    assert found["pages"] >= 5
    assert found["slowest p95 ms of a page"] < float("inf")
    assert any("/people" in line for line in found["ms first, p50, p95, computing, town"])
