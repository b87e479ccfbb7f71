"""三有: whether somebody wants to, is able to, is trusted; with the facts that show it (5.4).

Age, gender and schooling count for nothing, and nothing is bought or looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from records.standings import Vouched, Word
from registry.differences import said

FADES = timedelta(days=365)  # a wish, where nobody has spoken to them
_LEAST_FACTS = 2
_LEAST_YEARS = 3
_FITS = {
    "cook": {"shop", "tourism"},
    "electrician": {"services"},
    "welder": {"workshop", "services"},
    "builder": {"services"},
    "sewing": {"workshop"},
    "machines": {"workshop", "services"},
    "driver": {"transport"},
    "livestock": {"farming", "food_processing"},
    "crops": {"farming", "food_processing"},
    "beauty": {"shop"},
    "online": {"online"},
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


def ability(answers: Mapping[str, Any]) -> Mark:
    """有能力, where at least two facts show it."""
    facts = tuple(_facts(answers))
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


def _facts(answers: Mapping[str, Any]) -> list[str]:
    wanted = set(answers.get("want_kind") or ()) | {answers.get("biz_kind")}
    skills = [s for s in answers.get("skills") or () if _FITS.get(s, set()) & wanted]
    years = [
        (line, n) for line, n in answers.get("work_years_industry") or () if int(n) >= _LEAST_YEARS
    ]
    site = answers.get("land_site") or ()
    has_site = bool(set([site] if isinstance(site, str) else site) - {"none"})
    facts = [f"手艺对路：{said('skills', skills)}"] if skills else []
    facts += [f"{said('want_kind', line)}干了{n}年" for line, n in years[:1]]
    if not years and int(answers.get("biz_months") or 0) >= _LEAST_YEARS * 12:
        facts.append(f"自己的店开了{int(answers['biz_months']) // 12}年")
    facts += ["带过班"] if "lead" in (answers.get("skills") or ()) else []
    facts += ["有场地"] if has_site else []
    facts += ["有证书"] if answers.get("certificates") else []
    return facts
