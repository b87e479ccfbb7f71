"""In the weeks of the Spring Festival: a short menu, a queue that is told, who stands in."""

from __future__ import annotations

from datetime import datetime

import pytest

from handlers import welcome
from outreach.calendars import CHINA
from outreach.season import is_surge
from records import places
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Walk, sent_to

COUNTY, TOWN = "430381", "430381104"
FESTIVAL = datetime(2027, 2, 3, 9, 0, tzinfo=CHINA)
ORDINARY = datetime(2027, 5, 3, 9, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("day", "is_in"),
    [("2027-01-25", False), ("2027-01-26", True), ("2027-02-20", True), ("2027-02-21", False)],
)
def test_it_goes_from_the_twentieth_of_the_last_month_to_the_lanterns(
    day: str, is_in: bool
) -> None:
    assert is_surge(datetime.fromisoformat(f"{day}T12:00:00+08:00")) is is_in


def test_the_menu_is_short_and_what_it_leaves_out_is_still_there() -> None:
    labels = [option.label for option in welcome.menu(FESTIVAL).options]
    assert labels == ["1 创业政策咨询", "2 创业意愿登记", "人工"]
    assert len(welcome.menu(ORDINARY).options) == 6
    walk = Walk(now=FESTIVAL, is_new=False)
    walk.all("首页", "3")
    assert walk.said() != ""
    assert "您指哪样" not in walk.said()


def _asking(first: Walk, chat: str, now: datetime) -> str:
    walk = Walk(store=first.store, chat=chat, area=first.area, now=now, is_new=False)
    walk.say("转人工")
    return walk.said()


def test_who_asks_for_a_human_is_told_how_many_are_before_them() -> None:
    first = Walk(chat="1", area=COUNTY, now=FESTIVAL, is_new=False)
    assert "前面" not in _asking(first, "2", FESTIVAL)
    assert "前面还有1位" in _asking(first, "3", FESTIVAL)
    assert "前面" not in _asking(first, "4", ORDINARY)


@pytest.mark.parametrize(("now", "learns"), [(FESTIVAL, True), (ORDINARY, False)])
def test_the_county_stands_in_for_the_town(now: datetime, learns: bool) -> None:
    walk = registered()
    for name, area in (("镇里的", TOWN), ("县里的", COUNTY)):
        Walk(store=walk.store, chat=f"of {name}", now=now, is_new=False).serve(name, area)
    (person,) = walk.profiles()
    spot = {"area": COUNTY, "town": TOWN, "village": ""}
    walk.store.run(lambda s: places.lodge(s, person.id, **spot))
    walk.now = now
    walk.all("孩子上学怎么转学", "转人工")
    told = sent_to(walk.store, "of 县里的")
    assert any("子女入学" in text for text in told) is learns
