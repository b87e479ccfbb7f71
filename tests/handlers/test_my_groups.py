"""我的群: a steward's own groups, counted, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.stewards.words import page_of
from records import groups
from records.staff_accounts import StaffRole
from tests.handlers.support.walk import Store, Walk

POSTED = datetime(2026, 11, 3, 4, tzinfo=UTC)
GOOD = {"kind": "city", "area": "371703", "city": "广州", "steward": "小刘", "size": 312}


def _steward(*names: str, role: StaffRole = StaffRole.STEWARD, **changed: Any) -> Walk:
    walk = Walk(store=Store())
    walk.serve("小刘", "371703", role)
    told = {**GOOD, "source": "listed", "learnt_at": walk.now, **changed}
    for name in names:
        walk.store.run(lambda s, name=name: groups.add(s, walk.store.vault, name, **told))  # type: ignore[misc]
    return walk


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("我的群", 1),
        ("我管的群", 1),
        ("我管哪些群", 1),
        ("我的群有哪些？", 1),
        ("我的群 2", 2),
        ("看看我的群第3页", 3),
        ("我的群里有人骗钱", 0),
        ("群", 0),
    ],
)
def test_groups_are_asked_for(text: str, page: int) -> None:
    assert page_of(text) == page


def test_a_steward_sees_size_and_last_post() -> None:
    walk = _steward("广州返乡创业群", last_post_at=POSTED)
    walk.say("我的群")
    assert walk.said() == "1. 广州返乡创业群（城市群，广州）312人，11月3日发过，要您转发"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"size": None}, "人数没数过"),
        ({"last_post_at": None}, "还没发过"),
        ({"last_post_at": POSTED.replace(year=2025)}, "2025年11月3日发过"),
    ],
)
def test_what_is_not_known_is_said(changed: dict[str, Any], said: str) -> None:
    walk = _steward("广州群", **changed)
    walk.say("我的群")
    assert said in walk.said()


@pytest.mark.parametrize("changed", [{"steward": "小张"}, {"kind": ""}, {"dropped_at": POSTED}])
def test_what_is_not_theirs_is_not_seen(changed: dict[str, Any]) -> None:
    walk = _steward("广州群", **changed)
    walk.say("我的群")
    assert walk.said().startswith("您名下还没有群")


def test_many_groups_come_in_pages() -> None:
    walk = _steward(*(f"群{n}号" for n in range(12)))
    walk.say("我的群")
    assert walk.said().endswith("还有2个，回：我的群 2")
    walk.say("我的群 2")
    assert [line[:3] for line in walk.said().splitlines()] == ["11.", "12."]


@pytest.mark.parametrize(
    ("role", "area", "is_said"),
    [
        (StaffRole.STAFF, "", True),
        (StaffRole.STAFF, "371703", True),
        (StaffRole.STAFF, "410927", False),
        (StaffRole.STEWARD, "371703", False),
    ],
)
def test_the_county_hears_what_waits(role: StaffRole, area: str, is_said: bool) -> None:
    walk = _steward("新群", role=role, area=area, steward="")
    walk.say("我的群")
    assert ("还有1个群等着安排" in walk.said()) is is_said


def test_nobody_else_sees_groups() -> None:
    walk = Walk(store=_steward("广州群").store, chat="43")
    walk.say("我的群")
    assert "广州群" not in walk.said()
