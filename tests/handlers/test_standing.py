"""三有 and 乡贤: who may say it, who may read it, what shows it, and that one may object."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from matching.codes import Category
from records import audit
from records.people import Entered
from records.staff_accounts import StaffRole
from records.standings import Vouched, Word
from registry import marks
from registry.marks import Has
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Store, Walk
from tests.matching.matched import PROJECT

NOW = datetime(2026, 11, 22, tzinfo=UTC)
YEAR = timedelta(days=366)


def _staff(store: Store, role: StaffRole, area: str, name: str) -> Walk:
    walk = Walk(store=store, chat=f"of {name}", is_new=False)
    walk.serve(name, area, role)
    return walk


def _three() -> tuple[Walk, Walk, Walk]:
    """老王 of 泉塘镇, staff of the town, and staff of the county."""
    person = registered()
    town = _staff(person.store, StaffRole.CADRE, "430381111", "老谢")
    county = _staff(person.store, StaffRole.STAFF, "430381", "小唐")
    town.now = county.now = person.now
    return person, town, county


@pytest.mark.parametrize(
    ("intent", "silence", "has"),
    [
        ("ready", timedelta(), Has.YES),
        ("running", timedelta(), Has.YES),
        ("thinking", timedelta(), Has.MAYBE),
        ("job", timedelta(), Has.NO),
        ("ready", YEAR, Has.MAYBE),
    ],
)
def test_a_wish_is_ones_own_word_and_fades(intent: str, silence: timedelta, has: Has) -> None:
    assert marks.wish({"intent": intent}, NOW - silence, NOW).has is has


@pytest.mark.parametrize(
    ("answers", "has"),
    [
        ({"skills": ["cook"], "want_kind": ["shop"]}, Has.MAYBE),
        ({"skills": ["cook", "lead"], "want_kind": ["shop"]}, Has.YES),
        ({"skills": ["cook"], "want_kind": ["transport"]}, Has.NO),
        ({"work_years_industry": [["shop", 5]], "land_site": ["home"]}, Has.YES),
        ({"work_years_industry": [["shop", 2]], "land_site": ["none"]}, Has.NO),
        ({"age_band": "30", "education": "college", "gender": "m"}, Has.NO),
        ({"biz_kind": "shop", "biz_months": 36, "land_site": "home"}, Has.YES),
        ({"certificates": [["电工", 3, ""]], "skills": ["lead"]}, Has.YES),
        ({"certificates": [["电工", 3, "2026-11-21"]], "skills": ["lead"]}, Has.MAYBE),
        ({"skills": ["lead"], "land_site": "unsaid", "certificates": "unsaid"}, Has.MAYBE),
        ({"skills": "unsaid", "work_years_industry": "unsaid"}, Has.NO),
    ],
)
def test_ability_needs_two_facts_and_shows_them(answers: dict[str, object], has: Has) -> None:
    mark = marks.ability(answers, NOW.date())
    assert mark.has is has
    assert (len(mark.facts) >= 2) is (has is Has.YES)


HENS = replace(PROJECT, title="养鸡", min_capital_yuan=10_000)


@pytest.mark.parametrize(
    ("changes", "project", "is_shown"),
    [
        ({}, {}, True),
        ({}, {"min_capital_yuan": 10_001}, False),  # 1–5万: only 1万 is sure
        ({}, {"min_capital_yuan": 0}, False),
        ({}, {"category": Category.SHOP}, False),
        ({"capital_band": "to_10k"}, {}, False),
        ({"capital_band": "unsaid"}, {}, False),
        ({"capital_band": "over_200k"}, {"min_capital_yuan": 200_000}, True),
        ({"want_kind": None, "biz_kind": "farming"}, {}, True),
    ],
)
def test_own_money_shows_ability_where_it_surely_covers_a_project_of_the_line(
    changes: dict[str, object], project: dict[str, Any], is_shown: bool
) -> None:
    answers = {"want_kind": ["farming"], "capital_band": "to_50k"} | changes
    mark = marks.ability(answers, NOW.date(), [replace(HENS, **project)])
    assert mark.has is (Has.MAYBE if is_shown else Has.NO)
    assert [fact.startswith("本钱够开办养鸡") for fact in mark.facts] == [True] * is_shown


def test_the_county_reads_of_the_money_that_covers_a_project_but_not_how_much() -> None:
    person, _, county = _three()
    person.stock(is_real=True)
    codes = {"want_kind": ["farming"], "capital_band": "over_200k"}
    person.correct(person.profiles()[0].id, Entered(codes=codes, texts={}))
    county.say("三有 老王 1234")
    assert "本钱够开办" in county.said()
    assert "20万以上" not in county.said()


def test_a_word_that_is_objected_to_counts_for_nothing() -> None:
    word = Vouched(Word.VOUCHED, "老谢", NOW, NOW + YEAR, False)
    assert marks.trust(word).has is Has.YES
    objected = Vouched(Word.VOUCHED, "老谢", NOW, NOW + YEAR, True)
    assert marks.trust(objected).has is Has.NO
    assert marks.trust(None).has is Has.NO


def test_the_county_reads_what_a_named_human_said() -> None:
    _, town, county = _three()
    town.say("信誉 老王 可推荐")
    assert "了解情况，可推荐" in town.said()
    county.say("三有 老王 1234")
    assert "有信誉：有（老谢2026-11-21说：了解情况，可推荐" in county.said()
    assert "有愿望：有" in county.said()
    acts = county.store.run(lambda s: audit.with_acts(s, ["person.vouched", "marks.read"]))
    assert [act.actor for act in acts] == ["staff:老谢", "staff:小唐"]


def test_below_the_county_nobody_reads_marks_or_tiers() -> None:
    _, town, _ = _three()
    for said in ("三有 老王", "乡贤", "乡贤 老王 重点"):
        town.say(said)
        assert "只给县里" in town.said()


def test_nobody_speaks_of_people_of_another_county() -> None:
    person, _, _ = _three()
    other = _staff(person.store, StaffRole.STAFF, "371703", "小赵")
    for said in ("三有 老王 1234", "信誉 老王 1234 可推荐", "乡贤 老王 1234 重点"):
        other.say(said)
        assert "没找到" in other.said()


def test_the_person_sees_it_and_may_object() -> None:
    person, town, county = _three()
    town.say("信誉 老王 有疑问")
    person.say("导出")
    assert "老谢2026-11-21说您：有疑问，请面谈。不认同就回“不认同”。" in person.said()
    person.say("不认同")
    assert "不算数了" in person.said()
    county.say("三有 老王 1234")
    assert "本人不认同" in county.said()


def test_a_word_is_over_after_a_year() -> None:
    _, town, county = _three()
    town.say("信誉 老王 可推荐")
    county.now = town.now + YEAR
    county.say("三有 老王 1234")
    assert "有信誉：看不出" in county.said()


def test_tiers_have_an_owner_and_a_last_contact() -> None:
    _, _, county = _three()
    county.all("乡贤 老王 1234 登记 联系人小刘", "乡贤 老王 1234 重点", "乡贤")
    assert "重点1" in county.said()
    assert "老王 重点，小刘，没联系过" in county.said()
    county.all("乡贤 老王 1234 联系过", "乡贤 重点")
    assert "老王 重点，小刘，2026-11-21" in county.said()
    county.say("乡贤 入选")
    assert "空的" in county.said()
