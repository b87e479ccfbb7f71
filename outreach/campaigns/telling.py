"""How a campaign stands, on one screen that adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from outreach.campaigns import looking, reasons, schedule, states
from outreach.campaigns.schedule import LATE
from records import ledger
from records.campaigns import Campaign, CampaignState
from records.database import Session
from records.ledger import Count, Stand

# Everybody planned stands in exactly one of these.
PLANNED = (
    Stand.SENT,
    Stand.DELIVERED,
    Stand.FAILED,
    Stand.HELD,
    Stand.OPTED_OUT,
    Stand.UNREACHABLE,
    Stand.STOPPED,
    Stand.UNCERTAIN,
)
_WORDS = {
    Stand.SENT: "发了",
    Stand.DELIVERED: "送到",
    Stand.FAILED: "没发成",
    Stand.HELD: "还没发",
    Stand.OPTED_OUT: "后来说了停",
    Stand.UNREACHABLE: "发不到",
    Stand.STOPPED: "停了没发",
    Stand.UNCERTAIN: "说不准（断电那一刻，不再重发）",
}
_LEFT = {Stand.LEFT_OUT: "名单上不发", Stand.HELD_OUT: "留出来对照"}


def standing(session: Session, campaign: Campaign) -> list[str]:
    """The ledger of a campaign for people to read."""
    return list(lines(campaign, ledger.counts(session, campaign.id or 0)))


def lines(campaign: Campaign, found: Sequence[Count]) -> Iterator[str]:
    """The same from counts."""
    state = states.WORDS[CampaignState(campaign.state)]
    yield f"群发任务{campaign.id}《{campaign.title}》 {state}"
    stands = _sums(found)
    planned = sum(stands[one] for one in PLANNED)
    if not found:
        yield "名单还没列。"
        return
    parts = "＋".join(f"{_WORDS[one]}{stands[one]}" for one in PLANNED if stands[one])
    yield f"要发{planned}人＝{parts}。" if parts else "要发0人。"
    yield from _held(found)
    yield from _why(found)
    left = {one.reason or "": 0 for one in found if one.stand is Stand.LEFT_OUT}
    for one in found:
        if one.stand is Stand.LEFT_OUT:
            left[one.reason] += one.number
    if text := looking.counts({**left, "held_out": stands[Stand.HELD_OUT]}):
        yield f"名单上不发的：{text}。"
    yield from _waves(found)


def _held(found: Sequence[Count]) -> Iterator[str]:
    """Each reason by itself, with the last moment that one waits for."""
    waits: Counter[str] = Counter()
    until: dict[str, datetime] = {}
    for one in found:
        if one.stand is Stand.HELD:
            waits[one.reason] += one.number
            if one.until is not None:
                until[one.reason] = max(one.until, until.get(one.reason, one.until))
    for reason, count in waits.most_common():
        when = f"，最晚到{schedule.spoken(until[reason])}" if reason in until else ""
        yield f"还没发：{reasons.said(reason)}{count}人{when}。"


def _why(found: Sequence[Count]) -> Iterator[str]:
    """Why it did not leave, and for what those waited to whom it was not sent in the end."""
    for stand in (Stand.FAILED, Stand.STOPPED):
        why: Counter[str] = Counter()
        for one in found:
            if one.stand is stand:
                why[one.reason] += one.number
        if why:
            parts = (f"{reasons.said(reason)}{n}人" for reason, n in why.most_common())
            yield f"{_WORDS[stand]}：{'，'.join(parts)}。"


def _waves(found: Sequence[Count]) -> Iterator[str]:
    """Each wave's part, where there are several."""
    waves = sorted({one.wave for one in found if one.stand in PLANNED})
    if len(waves) < 2:
        return
    for wave in waves:
        stands = _sums([one for one in found if one.wave == wave])
        total = sum(stands[one] for one in PLANNED)
        done = stands[Stand.SENT] + stands[Stand.DELIVERED]
        name = "后来补的" if wave >= LATE else f"第{wave}波"
        yield f"{name}：{total}人，发了{done}人。"


def _sums(found: Sequence[Count]) -> Counter[Stand]:
    sums: Counter[Stand] = Counter()
    for one in found:
        sums[one.stand] += one.number
    return sums
