"""Where somebody registers from, as a town and a village that staff can be responsible for."""

from __future__ import annotations

import pytest

from records import scope
from records.scope import Spot
from registry import villages
from tests.handlers.support.talks import REGISTERED, registered
from tests.handlers.support.walk import Walk


def _from(home: str) -> Walk:
    start = REGISTERED.index(next(text for text in REGISTERED if "湘乡" in text))
    return registered(talk=(*REGISTERED[:start], home, *REGISTERED[start + 1 :]))


def _spot(walk: Walk) -> Spot:
    person = walk.profiles()[0].id
    return walk.store.run(lambda s: scope.spots(s, [person]))[person]


@pytest.mark.parametrize(
    ("home", "spot"),
    [
        ("山东菏泽定陶区冉堌镇赵庄村", Spot("371703", "371703102", "371703102230")),
        ("定陶县冉固赵庄3组", Spot("371703", "371703102", "371703102230")),
        ("湘乡泉塘镇花桥村", Spot("430381", "430381111", "")),
        ("岳塘区板塘街道", Spot("430300-gx", "430371001", "")),
        ("广东番禺石楼镇", Spot("440113", "", "")),
    ],
)
def test_a_home_is_a_town_and_a_village_as_far_as_known(home: str, spot: Spot) -> None:
    assert _spot(_from(home)) == spot


def _asked_back(*said: str) -> Walk:
    talk = (*REGISTERED[:2], *said, *REGISTERED[3:])
    return registered(talk=talk)


@pytest.mark.parametrize(
    ("said", "village"),
    [
        (("定陶赵庄村", "冉堌镇"), "371703102230"),
        (("定陶赵庄", "冉固的"), "371703102230"),
        (("定陶赵庄村", "冉堌镇赵庄村"), "371703102230"),
        (("定陶", "赵庄村", "冉堌"), "371703102230"),
        (("老家是定陶赵庄的", "冉固的"), "371703102230"),
        (("定陶赵庄村", "赵庄村"), ""),
        (("定陶赵庄村", "跳过"), ""),
    ],
)
def test_a_name_of_several_villages_is_asked_back_once(
    said: tuple[str, ...], village: str
) -> None:
    assert _spot(_asked_back(*said)) == Spot("371703", "371703102" if village else "", village)


def test_a_name_in_doubt_is_kept_for_staff() -> None:
    walk = _asked_back("定陶赵庄村", "跳过")
    assert walk.profiles()[0].answers["home_village"] == "赵庄村"


def test_the_question_names_the_towns() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:2], "定陶赵庄村")
    assert "赵庄村不止一个：冉堌镇、黄店镇、杜堂镇。是哪个？" in walk.said()


def test_another_home_is_another_village() -> None:
    walk = registered()
    walk.all("改老家", "山东菏泽定陶区冉堌镇赵庄村", "对的")
    assert _spot(walk) == Spot("371703", "371703102", "371703102230")


@pytest.mark.parametrize(
    ("said", "village"),
    [
        (("改老家", "山东菏泽定陶区赵庄村", "冉堌镇", "对的"), "371703102230"),
        (("改老家", "定陶", "赵庄村", "冉固的", "对的"), "371703102230"),
        (("改村", "赵庄村", "冉堌镇", "对的"), "371703102230"),
        (("改老家", "定陶赵庄村", "跳过", "对的"), ""),
    ],
)
def test_a_correction_asks_back_too(said: tuple[str, ...], village: str) -> None:
    walk = _from("定陶陈集镇")
    walk.all(*said)
    spot = _spot(walk)
    assert (spot.area, spot.village) == ("371703", village)


def test_a_name_in_doubt_that_was_left_is_not_put_to_the_next_home() -> None:
    walk = _asked_back("定陶赵庄村", "跳过")
    walk.all("改老家", "湖南湘乡泉塘镇", "对的")
    assert walk.profiles()[0].answers["home_village"] == "泉塘镇"


def test_staff_are_shown_the_words_that_name_no_village() -> None:
    walk = registered()
    found = walk.store.run(lambda s: villages.unplaced(s, walk.store.vault, ["430381"]))
    assert [(one.town, one.words) for one in found] == [("430381111", "泉塘镇花桥村")]


@pytest.mark.parametrize(
    ("place", "is_seen"),
    [
        ("371703102230", True),
        ("371703102", True),
        ("371703", True),
        ("371703102231", False),
        ("371703103", False),
        ("371702", False),
    ],
)
def test_a_request_is_read_by_staff_of_the_persons_own_place(place: str, is_seen: bool) -> None:
    walk = _from("山东菏泽定陶区冉堌镇赵庄村")
    walk.say("人工")
    clerk = Walk(store=walk.store, chat="77")
    clerk.serve("小刘", place)
    clerk.say(f"看 {walk.ticket()}")
    assert ("没有编号" not in clerk.said()) is is_seen


def test_what_a_stranger_asks_is_the_countys() -> None:
    stranger = Walk(area="371703")
    stranger.say("人工")
    clerk = Walk(store=stranger.store, chat="77")
    clerk.serve("小刘", "371703102")
    clerk.say(f"看 {stranger.ticket()}")
    assert "没有编号" in clerk.said()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("干了七八年了", "half_year"),
        ("十几年", "half_year"),
        ("两三个月", "less"),
        ("五六个月", None),
    ],
)
def test_a_span_is_taken_where_both_its_ends_say_the_same(said: str, code: str | None) -> None:
    walk = Walk()
    walk.all(*REGISTERED[:6], said)
    assert (walk.state.data["given"].get("away_half_year")) == code
