"""A campaign as a second person sees it: texts, audience in words, counts, risky samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from matching.audience.parsing import AudienceFault
from outreach import genuine, segments
from outreach.campaigns import addressing, drafting, freezing, schedule, states, texts
from outreach.campaigns.addressing import Values
from outreach.masking import masked_name
from outreach.reach import Lines
from outreach.segments import Office
from records import campaign_drafts as drafts
from records import conversations
from records.campaigns import Campaign, CampaignState, CampaignText, CampaignWave, Reason
from records.database import Session
from records.vault import Vault

REASONS: Mapping[str, str] = {
    Reason.DECEASED: "已故",
    Reason.PENDING: "别人代登，本人没确认",
    Reason.OPTED_OUT: "说过停",
    Reason.NOT_AGREED: "没同意过收",
    Reason.TOPIC: "不要这类消息",
    Reason.NO_ACCOUNT: "没有聊天账号",
    Reason.UNREACHABLE: "现在发不到",
    Reason.DUPLICATE: "和别的档案是同一个人",
    Reason.NO_DAY: "没有要按的那个日子",
    Reason.DAY_PAST: "日子已过",
    Reason.DAY_LATER: "日子在结束以后",
    "held_out": "留出来对照",
}
CHANNELS = texts.CHANNELS
_LOOKED_AT = 200  # people among whom the riskiest are looked for, of each variant and channel
_SHOWN = {1: 3, 2: 2}  # messages of each wording, by how many wordings leave; of more one

Way = tuple[str, str]  # variant and channel, of a wording or of who gets it


@dataclass(frozen=True, slots=True)
class House:
    """What a campaign is looked at with: the places, the channels in service, who we are."""

    office: Office
    lines: Lines
    name: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One message as somebody would get it, their name masked, and why it is shown."""

    why: str
    text: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """One wording, how many people get it by which channel, and some messages of it."""

    said: CampaignText
    people: Mapping[str, int]
    samples: Sequence[Sample]


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be seen; `counts` has "" for those planned, and a reason for the others."""

    campaign: Campaign
    audience: str
    leaving: Sequence[Leaving]
    waves: Sequence[CampaignWave]
    counts: Mapping[str, int]
    is_frozen: bool
    not_here: Sequence[str] = ()

    @property
    def planned(self) -> int:
        return self.counts.get("", 0)


def look(
    session: Session,
    vault: Vault,
    house: House,
    number: int,
    now: datetime,
    *,
    counts_draft: bool = True,
) -> Look:
    """A campaign as it stands: of a draft what a freeze would come to now, if that is wanted."""
    campaign = drafting.found(session, number)
    is_frozen = campaign.state not in (CampaignState.DRAFT.value, CampaignState.FREEZING.value)
    said, waves = drafts.texts(session, number), drafts.waves(session, number)
    spoken, counts, found = "", dict[str, int](), _Found()
    if campaign.audience:
        spoken = _spoken(session, house, campaign, campaign.frozen_at or now)
    if is_frozen:
        counts, found = drafts.left_out(session, number), _listed(session, number)
    elif campaign.audience and waves and counts_draft:
        seen = freezing.preview(session, house.office, number, house.lines, now)
        if seen:
            counts = {**seen.left_out, "": seen.planned, "held_out": seen.held_out}
            found = _Found(seen.ways, seen.sample)
    leaving = _leaving(session, vault, house, campaign, said, found)
    away = _not_here(session, house.lines) if counts.get(Reason.UNREACHABLE) else []
    return Look(campaign, spoken, leaving, waves, counts, is_frozen, away)


def _not_here(session: Session, lines: Lines) -> list[str]:
    """The channels that people talk on and that are not set up where we look from."""
    missing = set(freezing.EVERY) - lines.served if lines.served is not None else set()
    return [one for one in sorted(missing) if conversations.is_used(session, one)]


@dataclass(frozen=True, slots=True)
class _Found:
    """How many are written to in which way, and some of them: who, variant, channel."""

    ways: Mapping[Way, int] = field(default_factory=dict)
    some: Sequence[tuple[str, str, str]] = ()


def _listed(session: Session, number: int) -> _Found:
    ways = drafts.ways(session, number)
    found = (drafts.some_planned(session, number, *way, _LOOKED_AT) for way in ways)
    return _Found(ways, [one for some in found for one in some])


def lines(seen: Look) -> Iterator[str]:
    """The same for people to read."""
    one = seen.campaign
    state = states.WORDS[CampaignState(one.state)]
    yield f"群发任务{one.id}《{one.title}》 {state}"
    if one.goal:
        yield f"目的：{one.goal}"
    yield f"发给：{seen.audience or '还没写'}"
    yield from _counts(seen)
    yield from _when(seen)
    yield from _texts(seen)


def _texts(seen: Look) -> Iterator[str]:
    """Every wording with who gets it, and messages of it as they leave."""
    for one in seen.leaving:
        text = one.said
        yield f"文字{_name(text)}：{text.text}{' ' + text.link if text.link else ''}"
        if seen.counts:
            people = "，".join(f"{CHANNELS.get(key, key)}{n}人" for key, n in one.people.items())
            yield f"收到文字{_name(text)}的：{people or '照现在的名单没有人'}。"
    if seen.campaign.second:
        yield f"{seen.campaign.second}%的人看B文字。"
    for one in seen.leaving:
        which = f"文字{_name(one.said)}，" if len(seen.leaving) > 1 else ""
        for sample in one.samples:
            yield f"——{which}{sample.why}：\n{sample.text}"


def _name(text: CampaignText) -> str:
    where = f"（{CHANNELS.get(text.channel, text.channel)}）" if text.channel else ""
    return f"{text.variant}{where}"


def counts(found: Mapping[str, int]) -> str:
    """Why people are left out, by name, the most first."""
    others = sorted(((n, key) for key, n in found.items() if key and n), reverse=True)
    return "，".join(f"{REASONS.get(key, key)}{n}人" for n, key in others)


def _counts(seen: Look) -> Iterator[str]:
    if not seen.counts:
        if seen.is_frozen:
            yield "名单：一个人也没有。"
        return
    total = sum(seen.counts.values())
    head = "名单" if seen.is_frozen else "现在算来"
    yield f"{head}：合条件{total}人，要发{seen.planned}人。"
    if left := counts(seen.counts):
        yield f"不发：{left}。"
    if seen.not_here:
        names = "、".join(CHANNELS[one] for one in seen.not_here)
        yield f"这里没接{names}，只在那儿的人都算现在发不到：请用服务的那套设置再看、再提交。"
    if seen.campaign.takes_late and seen.is_frozen:
        yield "以后新合条件的人，每天补进来。"


def _when(seen: Look) -> Iterator[str]:
    for wave in seen.waves:
        yield f"第{wave.number}波 {schedule.when(wave)}（{wave.said}）{wave.share}%的人"
    if any(wave.is_evening for wave in seen.waves):
        yield schedule.OF_EVENINGS
    if seen.campaign.ends_at is not None:
        yield f"到{schedule.spoken(seen.campaign.ends_at)}为止，没发的不再发。"


def _spoken(session: Session, house: House, campaign: Campaign, at: datetime) -> str:
    at_home = Office(house.office.places, campaign.town or campaign.area)
    try:
        return segments.read(session, at_home, campaign.audience, at).spoken
    except AudienceFault as fault:
        return f"{campaign.audience}（{fault}）"


def _leaving(
    session: Session,
    vault: Vault,
    house: House,
    campaign: Campaign,
    said: Sequence[CampaignText],
    found: _Found,
) -> list[Leaving]:
    """Each wording with its people; its riskiest messages where somebody gets it."""
    places, ids = house.office.places, [person for person, _, _ in found.some]
    values = addressing.of_people(session, vault, places, campaign, ids, house.name)
    nobody = addressing.of_nobody(places, campaign, house.name)
    code = genuine.of_campaign(vault, campaign.id or 0)
    people = _people(said, found.ways)
    most = _SHOWN.get(sum(bool(one) for one in people.values()) or len(said), 1)
    leaving = []
    for text in said:
        mine = people[_way(text)]
        theirs = [values[one] for one, *way in found.some if texts.chosen(said, *way) is text]
        samples: list[Sample] = []
        if theirs:
            samples = _riskiest([_message(text, one, code) for one in theirs], most)
        elif mine or not found.ways:
            samples = [Sample("什么都不知道的人", _message(text, nobody, code).shown)]
        leaving.append(Leaving(text, mine, samples))
    return leaving


def _people(
    said: Sequence[CampaignText], ways: Mapping[Way, int]
) -> Mapping[Way, Mapping[str, int]]:
    """By wording and channel how many get it."""
    found: dict[Way, dict[str, int]] = {_way(text): {} for text in said}
    for (variant, channel), number in sorted(ways.items()):
        text = texts.chosen(said, variant, channel)
        if text is not None:
            mine = found[_way(text)]
            mine[channel] = mine.get(channel, 0) + number
    return found


def _way(text: CampaignText) -> Way:
    return text.variant, text.channel


@dataclass(frozen=True, slots=True)
class _Message:
    """What leaves for somebody, weighed whole and shown with their name masked."""

    missing: int
    length: int
    shown: str


def _message(text: CampaignText, values: Values, code: str) -> _Message:
    missing = sum(not values.get(name) for name in texts.holders(text.text))
    shown = {**values, "称呼": masked_name(values.get("称呼", ""))}
    return _Message(missing, len(_whole(text, values, code)), _whole(text, shown, code))


def _whole(text: CampaignText, values: Values, code: str) -> str:
    return genuine.signed(texts.footed(texts.fill(text.text, values), text.link), code)


def _riskiest(whole: Sequence[_Message], most: int) -> list[Sample]:
    """The longest, the one of whom least is known, and others."""
    longest = max(whole, key=lambda one: one.length)
    barest = max(whole, key=lambda one: (one.missing, -one.length))
    shortest = min(whole, key=lambda one: one.length)
    named = (("最长的", longest), ("缺的最多的", barest), ("最短的", shortest))
    found: dict[str, str] = {}
    for why, message in named:
        found.setdefault(message.shown, why)
    for message in whole:
        if len(found) < most:
            found.setdefault(message.shown, "另一个")
    return [Sample(why, text) for text, why in found.items()][:most]
