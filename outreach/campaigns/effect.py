"""What came of a campaign: what people did afterwards, beside those held out; never opens."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach.calendars import CHINA
from outreach.campaigns.refusing import CampaignRefused
from records import addressed, campaign_effect
from records.campaign_effect import Span, Tally
from records.campaigns import Campaign
from records.database import Session

_SURE = 1.96  # of the normal curve: 95 of 100
_MOST_DAYS = 90
_WORDS = {
    "wrote": "来说过话",
    "signed_up": "报名或答应来",
    "asked": "约人谈或要回电",
    "registered": "办了执照",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """Those written to and those held out, within so many days after their turn."""

    days: int
    written: Tally
    held_out: Tally
    is_early: bool  # not everybody's days are over


def measure(session: Session, campaign: Campaign, days: int, now: datetime) -> Effect | None:
    """None as long as nobody's turn has come, or nothing has left."""
    spans = _spans(session, campaign, days, now)
    if not spans:
        return None
    written, held_out = campaign_effect.afterwards(session, campaign.id or 0, spans)
    is_early = spans[-1].begin + timedelta(days=days) > now
    return Effect(days, written, held_out, is_early)


def by_wave(session: Session, campaign: Campaign, days: int, now: datetime) -> dict[int, Tally]:
    """What those written to did, wave by wave; empty as long as nothing has left."""
    spans = _spans(session, campaign, days, now)
    return campaign_effect.by_wave(session, campaign.id or 0, spans) if spans else {}


def _spans(session: Session, campaign: Campaign, days: int, now: datetime) -> list[Span]:
    """From each moment that somebody was due at, so many days; none if nothing has left."""
    if not 1 <= days <= _MOST_DAYS:
        raise CampaignRefused(f"天数要在1到{_MOST_DAYS}之间。")
    number, lasts = campaign.id or 0, timedelta(days=days)
    dues = campaign_effect.dues(session, number, now)
    if not dues or not addressed.anybody_told(session, number):
        return []
    return [_span(due, min(due + lasts, now)) for due in dues]


def _span(begin: datetime, end: datetime) -> Span:
    return Span(begin, end, begin.astimezone(CHINA).date(), end.astimezone(CHINA).date())


def lines(found: Effect | None) -> Iterator[str]:
    """The same for people to read."""
    if found is None:
        yield "效果：还没发出去一条，没有可比的。"
        return
    early = "（还没满）" if found.is_early else ""
    ours, others = found.written.people, found.held_out.people
    yield f"效果：发后{found.days}天内{early}，该发的{ours}人，留出对照{others}人。"
    for name, word in _WORDS.items():
        yield _line(word, getattr(found.written, name), getattr(found.held_out, name), found)
    if not others:
        yield "没有留出对照的人，分不清是不是推送带来的。"


def interval(hits: int, people: int) -> tuple[float, float]:
    """Between what two shares the true one lies, 95 times of 100 (Wilson)."""
    if not people:
        return 0.0, 1.0
    share, square = hits / people, _SURE * _SURE
    middle = share + square / (2 * people)
    spread = _SURE * math.sqrt(share * (1 - share) / people + square / (4 * people * people))
    whole = 1 + square / people
    return (middle - spread) / whole, (middle + spread) / whole


def difference(ours: tuple[int, int], others: tuple[int, int]) -> tuple[float, float]:
    """Between what two values the difference of two shares lies (Newcombe)."""
    (p, n), (q, m) = (_share(ours), ours), (_share(others), others)
    (low, high), (low_other, high_other) = interval(*n), interval(*m)
    least = p - q - math.hypot(p - low, high_other - q)
    most = p - q + math.hypot(high - p, q - low_other)
    return least, most


def _line(word: str, hits: int, others: int, found: Effect) -> str:
    ours = (hits, found.written.people)
    text = f"{word}：{hits}人（{_percent(_share(ours))}）"
    if not found.held_out.people:
        return f"{text}。"
    beside = (others, found.held_out.people)
    least, most = difference(ours, beside)
    gap = _share(ours) - _share(beside)
    verdict = "" if least > 0 or most < 0 else "，看不出差别"
    return (
        f"{text}，对照{others}人（{_percent(_share(beside))}），"
        f"差{_percent(gap)}（{_percent(least)}到{_percent(most)}）{verdict}。"
    )


def _share(counted: tuple[int, int]) -> float:
    hits, people = counted
    return hits / people if people else 0.0


def _percent(share: float) -> str:
    return f"{share * 100:.1f}%"
