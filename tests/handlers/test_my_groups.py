"""我的群: a steward's own groups, counted, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.stewards.words import page_of
from records import group_register, groups
from records.groups import Joined
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
    walk.say("等安排的群")
    assert ("群1 新群，312人。还没说：" in walk.said()) is is_said


def _county(**changed: Any) -> Walk:
    told = {"area": "", "kind": "", "city": "", "steward": "", **changed}
    return _steward("新群", role=StaffRole.STAFF, **told)


@pytest.mark.parametrize(
    ("line", "area", "kind", "city", "steward"),
    [
        ("群1 城市群 广州 小刘", "371703", "city", "广州", "小刘"),
        ("群1：企业家，群管小刘", "371703", "entrepreneurs", "", "小刘"),
        ("安排群 1号 定陶区 站长", "371703", "heads", "", ""),
        ("群1 小刘", "371703", "", "", "小刘"),
    ],
)
def test_the_county_places_a_group_in_one_line(
    line: str, area: str, kind: str, city: str, steward: str
) -> None:
    walk = _county()
    walk.say(line)
    assert walk.said().startswith("群1记好了：")
    one = walk.store.run(lambda s: group_register.numbered(s, walk.store.vault, 1))
    assert one is not None
    assert (one.area, one.kind or "", one.city, one.steward) == (area, kind, city, steward)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("群1 饭友", "没看懂：饭友"),
        ("群1 广州 深圳", "没看懂：深圳"),
        ("群1 台前县", "只能把群放在自己管的地方"),
        ("群9 城市群", "没有群9"),
    ],
)
def test_what_is_not_clear_changes_nothing(line: str, said: str) -> None:
    walk = _county()
    walk.say(line)
    assert said in walk.said()
    one = walk.store.run(lambda s: group_register.numbered(s, walk.store.vault, 1))
    assert one is not None
    assert (one.kind, one.city, one.area) == (None, "", "")


def test_the_county_drops_a_group() -> None:
    walk = _county()
    walk.all("群1 不用", "等安排的群")
    assert walk.said() == "没有等着安排的群。"
    walk.say("群1 城市群")
    assert "要用先回“群1 要用”" in walk.said()
    walk.all("群1 要用", "等安排的群")
    assert walk.said().startswith("群1 新群")


def test_a_steward_places_nothing() -> None:
    walk = _steward("广州群")
    walk.say("群1 企业家")
    assert "由县里的工作人员" in walk.said()


def test_a_town_places_what_it_brought() -> None:
    walk = Walk(store=Store())
    walk.serve("小孙", "371703102")
    joined = Joined("telegram", "-1", "冉堌老乡", 9, "小孙")
    walk.store.run(lambda s: groups.join(s, walk.store.vault, joined, walk.now))
    walk.say("等安排的群")
    assert walk.said().startswith("群1 冉堌老乡")
    walk.say("群1 城市群 广州 小孙")
    one = walk.store.run(lambda s: group_register.numbered(s, walk.store.vault, 1))
    assert one is not None
    assert (one.area, one.town, one.steward) == ("371703", "371703102", "小孙")


def test_nobody_else_sees_groups() -> None:
    walk = Walk(store=_steward("广州群").store, chat="43")
    walk.say("我的群")
    assert "广州群" not in walk.said()
