"""Every flow has talks that read like the conversation, and they go as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.catalog import FLOWS
from tests.handlers.support.transcripts import play

FOLDER = Path(__file__).parent / "transcripts"
TALKS = sorted(FOLDER.glob("*/*.txt"))


@pytest.mark.parametrize("path", TALKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_talk_goes_as_written(path: Path) -> None:
    assert play(path) == []


@pytest.mark.parametrize("name", [flow.name for flow in FLOWS])
def test_every_flow_has_a_transcript(name: str) -> None:
    assert list((FOLDER / name).glob("*.txt"))
