"""Whom of an area an event is for: a few conditions in plain words, read and held against people.

What is typed is kept as it is: a richer language may read the same words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from records import courses, people, standings
from records.courses import Seat
from records.database import Session
from records.standings import Tier
from records.vault import Vault

LONGEST = 200  # characters as typed

_AT_ONCE = 500  # records opened at once
_PARTS = re.compile(r"[\s,，、;；]+")
_PHONE = re.compile(r"1\d{10}")
_COURSE = re.compile(r"课\s*(\d{1,6})(?:学员|结业|的人)?")
_PLACE = re.compile(r"(?:人)?在(\S{2,8}?)(?:的人|的)?")
_HEAD = re.compile(r"^(?:只要|只请|请|想做|做|干|搞)")
_TAIL = re.compile(r"(?:的人|的)$")
_INTENTS = {
    "已经在干": ("running",),
    "在干": ("running",),
    "马上想干": ("ready",),
    "想创业": ("ready", "thinking"),
    "有想法": ("thinking",),
    "没想好": ("thinking",),
    "想上班": ("job",),
    "想回来上班": ("job",),
}
_WHERE = {
    "在家": ("returned", "stayed"),
    "在老家": ("returned", "stayed"),
    "回来了": ("returned",),
    "在外": ("away",),
    "在外地": ("away",),
}
_TRADES = {
    "种养": "farming",
    "种植": "farming",
    "养殖": "farming",
    "农产品加工": "food_processing",
    "小店": "shop",
    "餐饮": "shop",
    "美容": "shop",
    "电商": "online",
    "直播": "online",
    "旅游": "tourism",
    "民宿": "tourism",
    "修理": "services",
    "家政": "services",
    "养老": "services",
    "运输": "transport",
    "快递": "transport",
    "办厂": "workshop",
    "来料加工": "workshop",
}
_TIERS = {
    "乡贤": tuple(Tier),
    "登记乡贤": (Tier.REGISTERED,),
    "入选乡贤": (Tier.SELECTED,),
    "重点乡贤": (Tier.KEY,),
}


class AudienceUnclear(ValueError):
    """A word of an audience that nobody knows: the word."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Conditions that all hold; of each the values are alternatives, none means anybody.

    `named` are phone numbers of people who are asked whatever else holds.
    """

    cities: tuple[str, ...] = ()
    where_now: frozenset[str] = frozenset()
    intents: frozenset[str] = frozenset()
    trades: frozenset[str] = frozenset()
    tiers: frozenset[Tier] = frozenset()
    courses: frozenset[int] = frozenset()
    named: tuple[str, ...] = ()

    @property
    def is_named_only(self) -> bool:
        """Whether nobody is meant but those who are named."""
        return bool(self.named) and self == Audience(named=self.named)


def read(text: str) -> Audience:
    """The audience of a line («在广州 想创业 种养 课3»); AudienceUnclear if there is none."""
    found: dict[str, list[Any]] = {}
    for part in filter(None, _PARTS.split(text.strip())):
        name, values = _read(part)
        found.setdefault(name, []).extend(values)
    return Audience(
        cities=tuple(dict.fromkeys(found.get("cities", ()))),
        where_now=frozenset(found.get("where_now", ())),
        intents=frozenset(found.get("intents", ())),
        trades=frozenset(found.get("trades", ())),
        tiers=frozenset(found.get("tiers", ())),
        courses=frozenset(found.get("courses", ())),
        named=tuple(dict.fromkeys(found.get("named", ()))),
    )


def chosen(
    session: Session, vault: Vault, audience: Audience, person_ids: Sequence[str]
) -> list[str]:
    """Those of these people whom the audience means."""
    if audience == Audience():
        return list(person_ids)
    tiers = {one.person_id: one.tier for one in standings.sages(session)} if audience.tiers else {}
    learnt = _learnt(session, audience.courses)
    found: list[str] = []
    for start in range(0, len(person_ids), _AT_ONCE):
        some = list(person_ids[start : start + _AT_ONCE])
        for person_id, profile in people.by_ids(session, vault, some).items():
            fits = (
                not audience.is_named_only
                and _fits(audience, profile.answers)
                and (not audience.tiers or tiers.get(person_id) in audience.tiers)
                and (not audience.courses or person_id in learnt)
            )
            if fits or profile.phone in audience.named:
                found.append(person_id)
    return sorted(found)


def _read(part: str) -> tuple[str, Sequence[Any]]:
    """The condition that a word is, by its name among the fields of an audience."""
    if _PHONE.fullmatch(part):
        return "named", [part]
    if course := _COURSE.fullmatch(part):
        return "courses", [int(course[1])]
    word = _HEAD.sub("", part)
    for known in (part, word, _TAIL.sub("", word), _TAIL.sub("", part)):
        if known in _INTENTS:
            return "intents", _INTENTS[known]
        if known in _WHERE:
            return "where_now", _WHERE[known]
        if known in _TRADES:
            return "trades", [_TRADES[known]]
        if known in _TIERS:
            return "tiers", _TIERS[known]
    if place := _PLACE.fullmatch(word):
        return "cities", [place[1]]
    raise AudienceUnclear(part)


def _fits(audience: Audience, answers: Mapping[str, Any]) -> bool:
    city = str(answers.get("where_city") or "")
    trades = {str(answers.get("biz_kind") or ""), *(answers.get("want_kind") or ())}
    return (
        (not audience.cities or any(each in city for each in audience.cities))
        and (not audience.where_now or answers.get("where_now") in audience.where_now)
        and (not audience.intents or answers.get("intent") in audience.intents)
        and (not audience.trades or bool(trades & audience.trades))
    )


def _learnt(session: Session, numbers: frozenset[int]) -> set[str]:
    """Who came to one of these courses."""
    return {
        booked.person_id
        for number in numbers
        for booked in courses.of_course(session, number)
        if booked.seat is Seat.CAME
    }
