"""三有: whether somebody wants to, is able to, is trusted; with the facts that show it (5.4).

Age, gender and schooling count for nothing, and nothing is bought or looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from matching.codes import Category, Skill
from matching.profiles import seeker_of
from matching.projects import Project, Seeker
from matching.words import yuan
from records.standings import Vouched, Word
from registry.differences import said

FADES = timedelta(days=365)  # a wish, where nobody has spoken to them
_LEAST_FACTS = 2
_LEAST_YEARS = 3
_FITS: Mapping[Skill, frozenset[Category]] = {
    Skill.COOK: frozenset({Category.SHOP, Category.TOURISM}),
    Skill.ELECTRICIAN: frozenset({Category.SERVICES}),
    Skill.WELDER: frozenset({Category.WORKSHOP, Category.SERVICES}),
    Skill.BUILDER: frozenset({Category.SERVICES}),
    Skill.SEWING: frozenset({Category.WORKSHOP}),
    Skill.MACHINES: frozenset({Category.WORKSHOP, Category.SERVICES}),
    Skill.DRIVER: frozenset({Category.TRANSPORT}),
    Skill.LIVESTOCK: frozenset({Category.FARMING, Category.FOOD_PROCESSING}),
    Skill.CROPS: frozenset({Category.FARMING, Category.FOOD_PROCESSING}),
    Skill.BEAUTY: frozenset({Category.SHOP}),
    Skill.ONLINE: frozenset({Category.ONLINE}),
}


class Has(StrEnum):
    """How it stands with a mark; the value is how it is told."""

    YES = "有"
    MAYBE = "可能有"
    NO = "看不出"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark with what shows it."""

    has: Has
    facts: tuple[str, ...] = ()


def wish(answers: Mapping[str, Any], spoken_at: datetime, now: datetime) -> Mark:
    """有愿望, from the person's own word; after a year of silence only maybe."""
    intent = answers.get("intent")
    fact = (f"想法：{said('intent', intent)}",) if intent else ()
    if intent in ("running", "ready"):
        if now - spoken_at > FADES:
            return Mark(Has.MAYBE, (*fact, "一年没联系了"))
        return Mark(Has.YES, fact)
    return Mark(Has.MAYBE if intent == "thinking" else Has.NO, fact)


def ability(answers: Mapping[str, Any], today: date, offered: Iterable[Project] = ()) -> Mark:
    """有能力, where at least two facts show it; `offered` are the projects of their county."""
    facts = tuple(_facts(answers, today, offered))
    if len(facts) >= _LEAST_FACTS:
        return Mark(Has.YES, facts)
    return Mark(Has.MAYBE if facts else Has.NO, facts)


def trust(vouched: Vouched | None) -> Mark:
    """有信誉, as a named human said; a word that the person objects to counts for nothing."""
    if vouched is None:
        return Mark(Has.NO)
    day = vouched.at.date().isoformat()
    fact = f"{vouched.by}{day}说：{WORDS[vouched.word]}，{vouched.until.date().isoformat()}到期"
    if vouched.is_objected:
        return Mark(Has.NO, (fact, "本人不认同，要重新看"))
    return Mark(Has.YES if vouched.word is Word.VOUCHED else Has.NO, (fact,))


WORDS = {
    Word.VOUCHED: "了解情况，可推荐",
    Word.UNKNOWN: "不了解",
    Word.DOUBTED: "有疑问，请面谈",
}


def _facts(answers: Mapping[str, Any], today: date, offered: Iterable[Project]) -> Iterator[str]:
    person = seeker_of(answers, id="", county="")
    lines = {*(person.wants or ()), answers.get("biz_kind")}
    able = person.skills or frozenset()
    if skills := [one for one in sorted(able) if _FITS.get(one, frozenset()) & lines]:
        yield f"手艺对路：{said('skills', skills)}"
    trades = [trade for trade in person.trades or () if trade.years >= _LEAST_YEARS]
    if trades:
        longest = max(trades, key=lambda trade: trade.years)
        yield f"{said('want_kind', longest.category)}干了{longest.years}年"
    if Skill.LEAD in able:
        yield "带过班"
    yield from _money(person, [one for one in offered if one.category in lines])
    if person.sites:
        yield "有场地"
    if any(one.until is None or today <= one.until for one in person.certificates or ()):
        yield "有证书"


def _money(person: Seeker, wanted: Iterable[Project]) -> Iterator[str]:
    """Own money for a project of a line they want, were it only the least of what they named.

    What needs no money shows nothing, and what they have is not told.
    """
    most = person.band.least if person.band else 0
    able = [one for one in wanted if 0 < one.min_capital_yuan <= most]
    if able:
        dearest = max(able, key=lambda one: (one.min_capital_yuan, one.id))
        yield f"本钱够开办{dearest.title}（最少{yuan(dearest.min_capital_yuan)}）"
