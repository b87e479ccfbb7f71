"""Staff ask in chat how many people there are of a kind, and put tags on people."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from records import assignments
from records.assignments import Help, Why
from records.audit import AuditRow
from records.staff_accounts import StaffRole
from records.tags import PersonTag
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Walk

_TAGS, _TRAIL = PersonTag.__table__, AuditRow.__table__  # type: ignore[attr-defined]


def _clerk(area: str = "430381", role: StaffRole = StaffRole.STAFF) -> Walk:
    """A clerk beside 老王 of 湘乡 who is in 东莞."""
    walk = Walk(store=registered().store, chat="9")
    walk.serve("小刘", area, role)
    return walk


def _tags(walk: Walk) -> list[str]:
    return walk.store.run(lambda s: list(s.execute(select(_TAGS.c.tag)).scalars()))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("多少人 在外地 且 想做种养", "合条件1人"),
        ("多少人：现在在广东", "听成：现在在广东省\n合条件1人"),
        ("多少人 现在在浙江", "合条件0人"),
        ("泉塘镇在外想创业的有多少人？", "听成：老家在泉塘镇 且 在外地 且 想创业\n合条件1人"),
        ("多少人 会飞", "会飞\n　^\n第2个字"),
    ],
)
def test_they_hear_how_it_was_understood_and_how_many(asked: str, told: str) -> None:
    walk = _clerk()
    walk.say(asked)
    assert walk.said().startswith(told) or told in walk.said()


def test_others_are_not_counted() -> None:
    walk = _clerk("371703")
    walk.say("多少人 所有人")
    assert "合条件0人" in walk.said()


@pytest.mark.parametrize("role", [StaffRole.MENTOR, StaffRole.STEWARD])
def test_who_may_not_ask_is_told_nothing(role: StaffRole) -> None:
    walk = _clerk(role=role)
    walk.say("多少人 在外地")
    assert "合条件" not in walk.said()


def test_a_tag_is_put_and_taken_and_the_trail_says_who() -> None:
    walk = _clerk()
    walk.say("标签 老王 1234 直播学员")
    assert _tags(walk) == ["直播学员"]
    walk.say("多少人 标签直播学员")
    assert "合条件1人" in walk.said()
    walk.say("去标签 老王 1234 直播学员")
    assert _tags(walk) == []
    acts = walk.store.run(
        lambda s: list(
            s.execute(select(_TRAIL.c.act).where(_TRAIL.c.act.like("%tagged"))).scalars()
        )
    )
    assert acts == ["person.tagged", "person.untagged"]


@pytest.mark.parametrize("tag", ["低保户", "残疾", "乙肝", "信教", "单亲妈妈", "老赖", "a" * 21])
def test_what_is_sensitive_is_no_tag(tag: str) -> None:
    walk = _clerk()
    walk.say(f"标签 老王 1234 {tag}")
    assert "标签" in walk.said()
    assert _tags(walk) == []


@pytest.mark.parametrize("who", ["老王 9999", "3号", "老李 1234"])
def test_nobody_else_is_tagged(who: str) -> None:
    walk = _clerk()
    walk.say(f"标签 {who} 直播学员")
    assert "没有这个人" in walk.said()
    assert _tags(walk) == []


def test_a_commissioner_names_their_own_by_number_and_the_person_sees_it() -> None:
    person = registered()
    walk = Walk(store=person.store, chat="9")
    walk.serve("小周", "430381", StaffRole.COMMISSIONER)
    who = person.profiles()[0].id
    walk.store.run(
        lambda s: assignments.assign(
            s, who, "小周", Help.COMMISSIONER, why=Why.CHOSEN, at=walk.now
        )
    )
    walk.say("标签 1号 直播学员")
    assert _tags(walk) == ["直播学员"]
    person.say("我的信息")
    person.tap("抄一份给我")
    assert "给您的标签：直播学员" in "".join(reply.text for reply in person.last.replies)


def test_another_county_tags_nobody_here() -> None:
    walk = _clerk("371703")
    walk.say("标签 老王 1234 直播学员")
    assert _tags(walk) == []
