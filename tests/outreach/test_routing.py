"""Which office a request is for, and where it lands when nobody is there."""

from __future__ import annotations

import pytest

from outreach import routing
from records.scope import Spot
from records.staff_accounts import Staff, StaffRole
from records.tickets import Level, TicketKind

HOME = Spot("430381", "430381104", "430381104203")
CADRE = Staff("老谢", StaffRole.CADRE, "430381104203", ("fake:1",))
CLERK = Staff("小唐", StaffRole.STAFF, "430381104", ("fake:2",))
COUNTY = Staff("小刘", StaffRole.STAFF, "430381", ("fake:3",))


@pytest.mark.parametrize(
    ("said", "matter", "level"),
    [
        ("孩子想回镇上上学，手续咋办", "school", Level.TOWN),
        ("外面的社保怎么接回来", "insurance", Level.TOWN),
        ("户口想迁回来", "register", Level.TOWN),
        ("想包五十亩地种茶", "land", Level.VILLAGE),
        ("村民不让修路，拦着车", "neighbours", Level.VILLAGE),
        ("老板拖欠工资不给，要打官司", "legal", Level.COUNTY),
        ("营业执照去哪办", "approval", Level.COUNTY),
        ("贷款被拒了", "money", Level.COUNTY),
        ("有啥补贴", "policy", Level.COUNTY),
        ("爸妈在老家没人照看", "home", Level.VILLAGE),
        ("找大学的专家看看技术难题", "tech", Level.COUNTY),
        ("蜜桔卖不出去", "listing", Level.COUNTY),
        ("我们合作社想申报个项目", "declaring", Level.COUNTY),
        ("寄货的运费太贵了", "posting", Level.COUNTY),
        ("缺个厂房", "site", Level.COUNTY),
        ("能不能帮我代办", "agency", Level.TOWN),
        ("转人工", "other", Level.COUNTY),
    ],
)
def test_the_words_of_a_request_name_its_subject(said: str, matter: str, level: Level) -> None:
    found = routing.guess(TicketKind.TALK, [said])
    assert (found.code, routing.wanted(TicketKind.TALK, found)) == (matter, level)


def test_what_was_said_last_counts_before_what_led_there() -> None:
    said = ["转人工", "孩子上学的事", "有啥补贴"]
    assert routing.guess(TicketKind.TALK, said).code == "school"


@pytest.mark.parametrize("kind", [TicketKind.SCAM, TicketKind.COMPLAINT, TicketKind.DANGER])
def test_what_must_not_lie_with_neighbours_is_the_countys(kind: TicketKind) -> None:
    land = routing.guess(kind, ["村干部流转土地收了我500块"])
    assert routing.wanted(kind, land) is Level.COUNTY


@pytest.mark.parametrize(
    ("staff", "level"),
    [
        ((CADRE, CLERK, COUNTY), Level.VILLAGE),
        ((CLERK, COUNTY), Level.TOWN),
        ((COUNTY,), Level.COUNTY),
        ((), Level.COUNTY),
    ],
)
def test_where_nobody_serves_a_level_the_one_above_does(
    staff: tuple[Staff, ...], level: Level
) -> None:
    assert routing.landing(staff, Level.VILLAGE, HOME) is level


def test_a_cadre_without_an_account_serves_nobody() -> None:
    mute = Staff("老谢", StaffRole.CADRE, HOME.village)
    assert routing.landing([mute], Level.VILLAGE, HOME) is Level.COUNTY


def test_who_has_no_known_village_is_served_by_the_county() -> None:
    assert routing.landing([CADRE, CLERK], Level.VILLAGE, Spot("430381")) is Level.COUNTY


def test_every_subject_is_found_by_each_of_its_names_and_no_name_means_two() -> None:
    names = [name for one in routing.matters().values() for name in one.names]
    assert len(names) == len(set(names))
    assert all(name in routing.matter_called(name).names for name in names)  # type: ignore[union-attr]
    assert not any(routing.level_called(name) for name in names)
