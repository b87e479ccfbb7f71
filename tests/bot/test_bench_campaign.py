"""The bench of campaigns takes the parts that it is asked for, of as many people as it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.benching import campaign
from bot.benching.program import BenchFailure
from bot.cli import BAD_USE, main


def test_parts_and_people_are_chosen() -> None:
    found = campaign.measure(people=600, only=("queue",))
    assert found["people"] == 600
    assert found["queued"]["rows"] == found["frozen"]["planned"] > 400
    assert {"no_account", "duplicate"} <= set(found["frozen"]["left_out"])
    assert "telegram" not in found


def test_a_part_that_is_none_is_named() -> None:
    with pytest.raises(BenchFailure, match="frieze is none"):
        campaign.measure(only=("frieze",))


@pytest.mark.parametrize("option", ["--only=queue", "--people=5"])
def test_parts_and_people_are_for_campaigns(
    option: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["bench", "wecom", option]) == BAD_USE
    assert "for `bench campaign`" in capsys.readouterr().err
