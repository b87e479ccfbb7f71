"""Every registered channel has the shape of a channel, a page, and examples where it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.base import Channel
from channels.registry import CHANNELS, channel_class
from tests.support.fake_channel import FakeChannel

ROOT = Path(__file__).parent.parent.parent
VERBS = ("routes", "start", "stop", "close", "fault", "check", "send")
CLASSES = {kind: channel_class(kind) for kind in CHANNELS} | {"fake": FakeChannel}


@pytest.mark.parametrize("kind", CLASSES)
def test_it_is_called_what_the_registry_calls_it(kind: str) -> None:
    assert CLASSES[kind].kind == kind


@pytest.mark.parametrize("kind", CLASSES)
def test_it_has_every_verb_of_a_channel(kind: str) -> None:
    assert [verb for verb in VERBS if not callable(getattr(CLASSES[kind], verb, None))] == []


@pytest.mark.parametrize("kind", CLASSES)
def test_it_says_what_it_can_carry(kind: str) -> None:
    limits = CLASSES[kind].limits
    assert min(limits.text_length, limits.per_chat, limits.per_group, limits.bulk) > 0


@pytest.mark.parametrize("kind", CHANNELS)
def test_it_lives_in_a_folder_of_its_own_with_a_page(kind: str) -> None:
    assert (ROOT / "channels" / kind / "channel.py").is_file()
    assert (ROOT / "docs" / "howto" / f"{kind}.md").is_file()


def test_the_contract_names_the_verbs_that_this_test_walks() -> None:
    assert [name for name in VERBS if name not in vars(Channel)] == []
