"""What the trail calls what happened."""

from __future__ import annotations

import pytest

from console.trail_words import words_of
from knowledge.expiry import Reason


@pytest.mark.parametrize("reason", Reason)
def test_a_warning_of_an_entry_is_said_with_its_day(reason: Reason) -> None:
    told = words_of(f"warn_{reason.value}_2026-12-31")
    assert told.startswith("提醒过：2026-12-31")
    assert "warn" not in told
