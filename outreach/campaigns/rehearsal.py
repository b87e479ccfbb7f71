"""A campaign rehearsed: what a masked copy of it is made of, and what its run comes to in words.

Of many people some are drawn; the channels of the rehearsal are slower by as much, so that it
lasts as long as the campaign will.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from matching.audience.parsing import AudienceFault
from outreach import segments
from outreach.calendars import CHINA, day_of
from outreach.campaigns import drafting, looking, states
from outreach.campaigns.freezing import digest_of
from outreach.campaigns.refusing import CampaignRefused
from outreach.caps import broadcast_to
from outreach.segments import Office
from records import addressed, campaign_drafts, ledger, masked, turns
from records.campaigns import Campaign, CampaignState, CampaignWave
from records.database import Database, Session
from records.ledger import Line, Stand
from records.masked import Mask, Rows, Vaults
from records.push_days import Past
from records.waits import Wait

PEOPLE = 2_000  # that are rehearsed with
DELAYS = {  # why somebody is put off
    Wait.CAPPED: "最近收得够多了",
    Wait.HOURS: "按本人说的时间",
    Wait.WISHED: "按本人说的过些日子再发",
}
EVERYBODY = "所有人"  # the copy holds nobody else than those who are meant
_TOGETHER = 300
_LOOKED_BACK = timedelta(days=32)  # what caps count
_MAY_BE = (CampaignState.DRAFT, CampaignState.SUBMITTED, CampaignState.APPROVED)
_HELD = {
    "turn": "到结束还轮不到",
    "queue": "到结束还轮不到",
    "behind": "到结束还轮不到",
    "window": "要等本人先来说话",
    "capped": "到结束还满着次数",
    "hours": "到结束不在本人要的时间",
    "quiet": "到结束都是不打扰的时候",
    "wished": "本人要结束以后才收",
}
_STANDS = {
    Stand.SENT: "发出",
    Stand.DELIVERED: "送到",
    Stand.FAILED: "发不出",
    Stand.UNCERTAIN: "说不准",
    Stand.OPTED_OUT: "说过停",
    Stand.UNREACHABLE: "到不了",
    Stand.STOPPED: "到结束还轮不到",  # in a rehearsal nobody stops it but its end
}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part: those drawn, of how many; with the list if it is frozen already."""

    campaign: Campaign
    waves: Sequence[CampaignWave]
    ids: Sequence[str]
    whole: int
    is_frozen: bool

    @property
    def share(self) -> float:
        return len(self.ids) / self.whole


@dataclass(frozen=True, slots=True)
class Observed:
    """What the run showed beside its ledger."""

    ends: datetime
    delayed: Mapping[Wait, frozenset[str]]  # by why, the people
    told: Mapping[str, str]  # by account
    throttled: int


@dataclass(frozen=True, slots=True)
class Part:
    """One wave on one channel: its people by how they end, and when the sends begin and end."""

    wave: int
    channel: str
    ends: Mapping[str, int]
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Predicted:
    """What comes of a campaign, in people of those drawn."""

    cast: Cast
    observed: Observed
    parts: Sequence[Part]
    left_out: Mapping[str, int]
    at_night: int  # sent on a later day, for the evening came first
    longest: Mapping[tuple[str, str], str]  # message, by channel and variant


def cast(
    session: Session, office: Office, number: int, most: int, seed: int, now: datetime
) -> Cast:
    """Draw who takes part in the rehearsal of a campaign that has not begun."""
    campaign = drafting.found(session, number)
    state = CampaignState(campaign.state)
    if state not in _MAY_BE:
        raise CampaignRefused(
            f"群发任务{number}现在是“{states.WORDS[state]}”，只能在开始发之前彩排。"
        )
    states.check_whole(session, campaign, now)
    is_frozen = state is not CampaignState.DRAFT
    waves = campaign_drafts.waves(session, number)
    if not is_frozen and any(wave.day for wave in waves):
        raise CampaignRefused(f"群发任务{number}按每人自己的日子发：先提交，名单列好再彩排。")
    ids = masked.listed(session, number) if is_frozen else _meant(session, office, campaign, now)
    if not ids:
        raise CampaignRefused(f"群发任务{number}的对象里一个人也没有：先看看发给谁。")
    lots = Random(seed)
    drawn = lots.sample(ids, min(most, len(ids)))
    return Cast(campaign, waves, drawn, len(ids), is_frozen)


def _meant(session: Session, office: Office, campaign: Campaign, now: datetime) -> list[str]:
    at_home = Office(office.places, campaign.town or campaign.area)
    try:
        audience = segments.read(session, at_home, campaign.audience, now)
    except AudienceFault as fault:
        raise CampaignRefused(str(fault)) from fault
    return masked.meant(session, segments.meant(at_home, audience))


async def copy(ours: Database, copys: Database, vaults: Vaults, cast: Cast, now: datetime) -> None:
    """Write the masked copy; nothing is written to ours."""
    number, mask = cast.campaign.id or 0, Mask()
    rows = await ours.read(masked.of_campaign, number)
    await copys.run(masked.write, _set_out(rows, cast))
    elsewhere = partial(_elsewhere, now)
    for first in range(0, len(cast.ids), _TOGETHER):
        ids = cast.ids[first : first + _TOGETHER]
        await copys.run(
            masked.write, await ours.read(masked.of_people, vaults, mask, ids, elsewhere)
        )
        if cast.is_frozen:
            await copys.run(masked.write, await ours.read(masked.of_list, mask, number, ids))


def _elsewhere(
    now: datetime, session: Session, keys: Sequence[str]
) -> Mapping[str, Sequence[Past]]:
    return broadcast_to(session, keys, now - _LOOKED_BACK)


def _set_out(rows: Rows, cast: Cast) -> Rows:
    """As it is before its freeze, unless it has one."""
    if cast.is_frozen:
        return rows
    begun = {"state": CampaignState.FREEZING.value, "frozen_up_to": "", "audience": EVERYBODY}
    return {**rows, "Campaign": [{**row, **begun} for row in rows["Campaign"]]}


def agreed(session: Session, number: int) -> None:
    """In the copy, as if a second person had agreed to it."""
    campaign = drafting.found(session, number)
    campaign.state = CampaignState.APPROVED.value
    session.flush()
    campaign.digest = digest_of(session, number)


def put_off(session: Session, now: datetime) -> dict[str, Wait]:
    """Who may not be written to yet in the copy, for another reason than the night."""
    found = turns.put_off(session, now)
    return {who: why for who, why in found.items() if why in DELAYS}


def predicted(session: Session, cast: Cast, observed: Observed) -> Predicted:
    """Read the ledger of the copy."""
    number = cast.campaign.id or 0
    found = list(ledger.lines(session, number))
    left = Counter(_left_out(one) for one in found)
    left.pop("", None)
    waves = campaign_drafts.waves(session, number)
    days = {wave.number: day_of(wave.at) for wave in waves if not wave.day}
    put_off = frozenset().union(*observed.delayed.values())
    at_night = sum(
        one.settled_at is not None
        and one.stand is Stand.SENT
        and one.person_id not in put_off
        and day_of(one.settled_at) > days[one.wave]
        for one in found
        if one.wave in days
    )
    planned = [one for one in found if not _left_out(one)]
    keys = sorted({(one.wave, one.channel) for one in planned})
    parts = [
        _part(key, [one for one in planned if (one.wave, one.channel) == key]) for key in keys
    ]
    longest = _longest(observed.told, addressed.by_account(session, number))
    return Predicted(cast, observed, parts, left, at_night, longest)


def _longest(told: Mapping[str, str], variants: Mapping[str, str]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for account, text in sorted(told.items()):
        key = (account.partition(":")[0], variants.get(account, ""))
        found[key] = max(found.get(key, ""), text, key=len)
    return dict(sorted(found.items()))


def _left_out(one: Line) -> str:
    if one.stand is Stand.HELD_OUT:
        return Stand.HELD_OUT.value
    return one.reason if one.stand is Stand.LEFT_OUT else ""


def _part(key: tuple[int, str], found: Sequence[Line]) -> Part:
    sent = sorted(one.settled_at for one in found if one.stand is Stand.SENT and one.settled_at)
    ends = Counter(_end(one) for one in found)
    return Part(*key, dict(ends.most_common()), *((sent[0], sent[-1]) if sent else (None, None)))


def _end(one: Line) -> str:
    if one.stand is Stand.HELD:
        return _HELD.get(one.reason, one.reason)
    return _STANDS[one.stand]


def lines(found: Predicted) -> Iterator[str]:
    """The same for people to read."""
    cast, observed = found.cast, found.observed
    yield f"彩排群发任务{cast.campaign.id}《{cast.campaign.title}》：谁也没收到，什么也没改。"
    yield _who(cast)
    if not cast.is_frozen and _is_by_lot(cast):
        yield "对照、A和B、波次都靠抽签，这里是另抽的，跟预览差几个人；提交以后以名单为准。"
    if found.left_out:
        why = {looking.REASONS.get(key, key): n for key, n in found.left_out.items()}
        yield f"不发：{_listed(found, why)}。"
    for part in found.parts:
        yield _wave(found, part)
    yield from _span(found)
    yield from _delays(found)
    if observed.throttled:
        yield f"平台会嫌快{observed.throttled}次，会自己慢下来再发。"
    for (channel, variant), text in found.longest.items():
        which = f"文字{variant}" if cast.campaign.second else ""
        name = f"{_channel(channel)}{which}最长的一条"
        yield f"——{name}，{len(text)}个字（名字用“某”代替）：\n{text}"


def _is_by_lot(cast: Cast) -> bool:
    one = cast.campaign
    return bool(one.holdout or one.second or len(cast.waves) > 1)


def _who(cast: Cast) -> str:
    head = "名单" if cast.is_frozen else "现在算来"
    if len(cast.ids) == cast.whole:
        return f"{head}合条件{cast.whole}人，全部排了一遍。"
    return (
        f"{head}合条件{cast.whole}人，抽了{len(cast.ids)}人排；下面的人数按比例推算，前面写“约”，"
        f"时间按全部的人算。"
    )


def _wave(found: Predicted, part: Part) -> str:
    when = f"，{_when(part.first)}到{_when(part.last)}" if part.first and part.last else ""
    total = _many(found, sum(part.ends.values()))
    ends = _listed(found, part.ends)
    return f"第{part.wave}波 {_channel(part.channel)} {total}：{ends}{when}。"


def _span(found: Predicted) -> Iterator[str]:
    firsts = [part.first for part in found.parts if part.first]
    lasts = [part.last for part in found.parts if part.last]
    if not firsts:
        yield "一条也发不出去。"
        return
    begins, ends = min(firsts), max(lasts)
    yield f"第一条{_when(begins)}，最后一条{_when(ends)}，前后{_lasting(ends - begins)}。"


def _delays(found: Predicted) -> Iterator[str]:
    delayed = found.observed.delayed
    if found.at_night:
        yield f"当天发不完、晚上不打扰，过夜再发的：{_many(found, found.at_night)}。"
    for why, words in DELAYS.items():
        if number := len(delayed.get(why, ())):
            yield f"{words}，推后的：{_many(found, number)}。"


def _listed(found: Predicted, counts: Mapping[str, int]) -> str:
    most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return "，".join(f"{word}{_many(found, number)}" for word, number in most)


def _many(found: Predicted, number: int) -> str:
    """Of those drawn, told of all."""
    share = found.cast.share
    return f"{number}人" if share == 1 else f"约{round(number / share)}人"


def _channel(name: str) -> str:
    return looking.CHANNELS.get(name, name)


def _when(at: datetime) -> str:
    here = at.astimezone(CHINA)
    return f"{here.month}月{here.day}日{here:%H:%M}"


def _lasting(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = ((days, "天"), (hours, "小时"), (rest, "分钟"))
    return "".join(f"{number}{word}" for number, word in parts if number) or "不到1分钟"
