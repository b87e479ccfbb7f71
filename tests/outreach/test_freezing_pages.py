"""A freeze takes pages that are soon done, so that nobody's word waits for it."""

from __future__ import annotations

import pytest

from outreach.campaigns.freezing import page_after


@pytest.mark.parametrize(
    ("many", "seconds", "then"),
    [
        (2_000, 0.15, 2_000),
        (2_000, 0.3, 1_000),
        (2_000, 0.1, 3_000),
        (2_000, 0.001, 4_000),  # not more than twice as many at once
        (8_000, 0.0, 10_000),
        (400, 30.0, 250),
    ],
)
def test_a_page_is_as_large_as_the_last_was_fast(many: int, seconds: float, then: int) -> None:
    assert page_after(many, seconds) == then
