"""Staff ask in the talk for the web console."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from records import console_access
from records.staff_accounts import StaffRole
from tests.handlers.support.walk import Walk


def _walk(*, is_group: bool = False) -> Walk:
    walk = Walk(address="https://guiyan.example", is_group=is_group)
    walk.serve("小刘", "371703", StaffRole.STAFF)
    return walk


def _signed_in_by(walk: Walk, text: str, after: timedelta) -> str:
    found = re.search(r"https://guiyan.example/console/enter\?code=(\w+)", text)
    assert found
    print_ = console_access.link_print(walk.store.vault, found[1])
    return walk.store.run(lambda s: console_access.link_for(s, print_, walk.now + after))


@pytest.mark.parametrize(("minutes", "name"), [(29, "小刘"), (31, "")])
def test_the_link_signs_in_who_asked_for_half_an_hour(minutes: int, name: str) -> None:
    walk = _walk()
    (reply,) = walk.say("工作台")
    assert _signed_in_by(walk, reply.text, timedelta(minutes=minutes)) == name


def test_two_links_are_two_codes() -> None:
    walk = _walk()
    assert walk.say("工作台")[0].text != walk.say("工作台")[0].text


def test_a_group_is_given_no_link() -> None:
    walk = _walk(is_group=True)
    assert not any("enter?code" in reply.text for reply in walk.say("工作台"))
