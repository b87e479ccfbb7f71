"""The constraints H1 to H10 never bend: on each border, one step before and one behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from matching.codes import Band, Bar, Category, Evidence, Mark, Reach, Site, Status
from matching.judging import judge, why_not
from matching.projects import Certificate
from tests.matching.matched import CHAT, NIGHT, PROJECT, SEEKER, TODAY, among, project, seeker

DAY = timedelta(1)
HIGH = frozenset([Certificate("电工", 3)])
LIMITS = NIGHT.rules.limits


def test_what_goes_together_passes_every_constraint() -> None:
    assert why_not(SEEKER, PROJECT, NIGHT).bars == ()


@pytest.mark.parametrize(
    ("changes", "is_barred"),
    [
        ({"status": Status.CHECKED}, True),
        ({"status": Status.PAUSED}, True),
        ({"published_on": None}, True),
        ({"published_on": TODAY + DAY}, True),
        ({"published_on": TODAY}, False),
        ({"expires_on": TODAY - DAY}, True),
        ({"expires_on": TODAY}, False),
        ({"verified_on": None}, True),
        ({"verified_on": TODAY - 180 * DAY}, False),
        ({"verified_on": TODAY - 181 * DAY}, True),
        ({"verified_on": TODAY + DAY}, True),
    ],
)
def test_h1_only_what_is_current_is_shown(changes: dict[str, Any], is_barred: bool) -> None:
    found = why_not(SEEKER, project(**changes), NIGHT).bars
    assert found == ((Bar.NOT_CURRENT,) if is_barred else ())


@pytest.mark.parametrize(
    ("changes", "is_barred"),
    [
        ({"county": "420583", "town": ""}, True),
        ({"county": "420583", "town": "", "accepts_other_county": True}, False),
        ({"county": "", "town": ""}, True),
        ({"county": "", "town": "", "accepts_other_county": True}, True),
    ],
)
def test_h2_the_home_county_unless_another_is_fine(
    changes: dict[str, Any], is_barred: bool
) -> None:
    found = why_not(seeker(**changes), PROJECT, NIGHT).bars
    assert found == ((Bar.OTHER_COUNTY,) if is_barred else ())


@pytest.mark.parametrize(
    ("band", "loan", "needed", "is_barred"),
    [
        (Band.TO_10K, False, 10_000, False),
        (Band.TO_10K, False, 10_001, True),  # one yuan short
        (Band.TO_50K, False, 50_000, False),
        (Band.TO_50K, False, 50_001, True),
        (Band.TO_200K, False, 200_001, True),
        (Band.OVER_200K, False, 9_000_000, False),
        (Band.TO_10K, True, 10_001, False),
        (Band.TO_10K, True, 310_000, False),
        (Band.TO_10K, True, 310_001, True),  # beyond what one person can borrow
        (None, False, 9_000_000, False),
    ],
)
def test_h3_nothing_dearer_than_the_money_that_they_named(
    band: Band | None, loan: bool, needed: int, is_barred: bool
) -> None:
    one = seeker(band=band, accepts_loan=loan)
    found = why_not(one, project(min_capital_yuan=needed, max_capital_yuan=None), NIGHT).bars
    assert found == ((Bar.TOO_DEAR,) if is_barred else ())


@pytest.mark.parametrize(
    ("held", "training", "is_barred"),
    [
        (None, False, True),
        (None, True, False),
        (frozenset(), False, True),
        ([Certificate("电工", 2)], False, True),  # 中级 is not 高级
        ([Certificate("电工", 3)], False, False),
        ([Certificate("电工", 5)], False, False),
        ([Certificate("焊工", 5)], False, True),
        ([Certificate("电工", 3, TODAY - DAY)], False, True),  # expired yesterday
        ([Certificate("电工", 3, TODAY)], False, False),
        ([Certificate("电工", 2)], True, False),
    ],
)
def test_h4_every_certificate_high_enough_and_valid_or_training(
    held: Any, training: bool, is_barred: bool
) -> None:
    one = seeker(certificates=None if held is None else frozenset(held))
    wanting = project(certificates_required=HIGH, training_available=training)
    assert why_not(one, wanting, NIGHT).bars == ((Bar.NO_CERTIFICATE,) if is_barred else ())


def test_h4_asks_for_all_certificates_not_for_one_of_them() -> None:
    both = HIGH | {Certificate("健康证")}
    one = seeker(certificates=frozenset([Certificate("电工", 4)]))
    assert why_not(one, project(certificates_required=both), NIGHT).bars == (Bar.NO_CERTIFICATE,)


@pytest.mark.parametrize(
    ("sites", "vacant", "bars", "mark"),
    [
        (None, False, (), Mark.FIND_A_SITE),
        (None, True, (), Mark.FIND_A_SITE),
        (frozenset(), False, (Bar.NO_SITE,), None),
        (frozenset([Site.HOME]), False, (Bar.NO_SITE,), None),
        (frozenset([Site.WORKSHOP]), False, (), None),
        (frozenset(), True, (), Mark.RENT_A_SITE),
    ],
)
def test_h5_a_place_to_work_in(
    sites: Any, vacant: bool, bars: tuple[Bar, ...], mark: Mark | None
) -> None:
    view = among(vacancies=frozenset([("420581", Site.WORKSHOP)] if vacant else []))
    found = judge(seeker(sites=sites), project(site_need=Site.WORKSHOP), view)
    assert (found.bars, found.marks) == (bars, (mark,) if mark else ())


@pytest.mark.parametrize(
    ("towns", "bans", "is_barred"),
    [
        (("420581001",), {"420581001"}, True),
        (("420581001", "420581002"), {"420581001"}, False),
        (("420581001", "420581002"), {"420581001", "420581002"}, True),
        (("420581002",), {"420581"}, True),
        ((), {"420581001"}, True),
        ((), {"420581002"}, False),
    ],
)
def test_h6_not_where_staff_recorded_a_ban(
    towns: tuple[str, ...], bans: set[str], is_barred: bool
) -> None:
    view = among(bans=frozenset((where, Category.FARMING) for where in bans))
    found = why_not(SEEKER, project(towns=towns), view).bars
    assert found == ((Bar.BANNED_THERE,) if is_barred else ())


def test_h6_bans_one_line_only() -> None:
    view = among(bans=frozenset([("420581001", Category.WORKSHOP)]))
    assert why_not(SEEKER, PROJECT, view).bars == ()


def test_h7_not_a_line_that_they_waved_away() -> None:
    one = seeker(refused=frozenset([Category.FARMING]))
    assert why_not(one, PROJECT, NIGHT).bars == (Bar.REFUSED,)


@pytest.mark.parametrize(
    ("slots", "shown", "is_barred"),
    [(0, 0, True), (1, 19, False), (1, 20, True), (7, 20, False), (7, 21, True)],
)
def test_h8_a_place_free_and_the_cap_not_reached(slots: int, shown: int, is_barred: bool) -> None:
    found = why_not(SEEKER, project(slots=slots), among(shown={"p1": shown})).bars
    assert found == ((Bar.FULL,) if is_barred else ())


@pytest.mark.parametrize("reach", [one for one in Reach if one is not Reach.AGREED])
def test_h9_nobody_is_written_to_who_did_not_agree(reach: Reach) -> None:
    one = seeker(reach=reach)
    assert why_not(one, PROJECT, NIGHT).bars == (Bar.NOT_TO_BE_WRITTEN_TO,)
    is_gone = reach is Reach.DECEASED
    assert bool(why_not(one, PROJECT, CHAT).bars) is is_gone


def test_h10_what_nobody_verified_is_shown_only_to_who_asks() -> None:
    rumour = project(evidence=Evidence.UNVERIFIED)
    assert why_not(SEEKER, rumour, NIGHT).bars == (Bar.UNVERIFIED,)
    assert why_not(SEEKER, rumour, CHAT).bars == ()


def test_every_constraint_that_fails_is_named() -> None:
    far = replace(SEEKER, county="420583", town="", band=Band.TO_10K)
    dear = project(min_capital_yuan=50_000, slots=0)
    assert why_not(far, dear, NIGHT).bars == (Bar.OTHER_COUNTY, Bar.TOO_DEAR, Bar.FULL)


@pytest.mark.parametrize(("needed", "marks"), [(0, ()), (1, (Mark.COUNT_YOUR_MONEY,))])
def test_money_not_known_is_said(needed: int, marks: tuple[Mark, ...]) -> None:
    found = judge(seeker(band=None), project(min_capital_yuan=needed), NIGHT)
    assert (found.bars, found.marks) == ((), marks)
