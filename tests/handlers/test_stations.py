"""Stations as people ask for them: where they are now, and for whom each is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.stations.words import Near, near_of, wants_channels
from records import pointers
from records.database import Session
from records.pointers import Pointer, PointerKind
from tests.handlers.support.talks import REGISTERED
from tests.handlers.support.walk import Store, Walk
from tests.support.happenings import happen

LISTED = (
    "station 定陶返乡创业服务站 371703 - 县府街1号 0530-0000001",
    "station 昆明返乡创业服务站 371703 昆明 官渡路2号",
    "station 广州返乡创业服务站 371703 广州 白云路3号",
)


def _asking(*talk: str, away: str = "2", city: str = "广东东莞") -> list[str]:
    """What somebody of 定陶 reads, message by message."""
    walk = Walk(store=Store())
    vault, now = walk.store.vault, walk.now
    for line in LISTED:
        walk.store.run(lambda s, line=line: happen(s, vault, line, now))  # type: ignore[misc]
    told = ["定陶陈集镇" if word.startswith("湖南") else word for word in REGISTERED]
    told[3] = away
    told = [city if word == "广东东莞" else word for word in told]
    if away == "3":
        del told[4:7]
    walk.all(*told)
    walk.all(*talk)
    return [reply.text for reply in walk.last.replies]


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("服务站", Near()),
        ("最近的服务站在哪", Near()),
        ("昆明的服务站", Near("昆明")),
        ("我在东莞这边有没有联络站", Near("东莞")),
        ("服务站 广州", Near("广州")),
        ("返乡创业服务站什么时候建好", None),
    ],
)
def test_a_place_may_be_named(text: str, near: Near | None) -> None:
    assert near_of(text) == near


def test_who_is_away_reads_first_of_the_same_province() -> None:
    told = "\n".join(_asking("服务站"))
    assert told.startswith("广东东莞还没有我们的服务站")
    assert told.index("广州返乡") < told.index("定陶返乡") < told.index("昆明返乡")


def test_who_is_in_the_city_of_a_station_reads_it_first() -> None:
    told = "\n".join(_asking("服务站", city="云南昆明"))
    assert told.startswith("按云南昆明排")
    assert told.index("昆明返乡") < told.index("定陶返乡") < told.index("广州返乡")


def test_who_is_at_home_reads_the_own_one_first() -> None:
    told = "\n".join(_asking("服务站", away="3"))
    assert told.startswith("家门口的")
    assert told.index("定陶返乡") < told.index("昆明返乡")


def test_a_named_city_goes_before_the_registered_one() -> None:
    told = "\n".join(_asking("昆明的服务站"))
    assert told.index("昆明返乡") < told.index("广州返乡")


def test_who_did_not_say_where_is_asked_and_sees_all() -> None:
    assert _asking("服务站", city="跳过")[0].startswith("您在哪个市")


def test_each_says_for_whom_it_is() -> None:
    told = "\n".join(_asking("服务站"))
    assert "在昆明，管菏泽定陶区在外的人" in told
    assert "在菏泽定陶区本地" in told


def test_what_is_no_place_is_no_question_for_a_station() -> None:
    assert "返乡创业服务站（" not in "\n".join(_asking("充电服务站在哪"))


def test_channels_are_told_with_the_day_of_their_check() -> None:
    walk = Walk(store=Store())
    now = walk.now

    def put(session: Session) -> None:
        for name, ago in (("人社专栏", 3), ("旧专栏", 200)):
            day = now.date() - timedelta(days=ago)
            told = Pointer(PointerKind.COLUMN, name, "371700", way="打开APP", checked_on=day)
            pointers.put(session, told, by="小刘", at=now)

    walk.store.run(put)
    walk.all(*("定陶陈集镇" if word.startswith("湖南") else word for word in REGISTERED))
    [reply] = walk.say("有专栏吗")
    assert reply.text == "专栏 人社专栏：打开APP（11月18日核对过）"


@pytest.mark.parametrize("text", ["有没有视频", "公众号叫什么", "返乡创业专栏在哪"])
def test_who_asks_where_to_watch_is_understood(text: str) -> None:
    assert wants_channels(text)
    assert not wants_channels("拍短视频卖货有补贴吗")
