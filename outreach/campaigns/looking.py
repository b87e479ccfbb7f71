"""A campaign as a second person sees it: texts, audience in words, counts, risky samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from matching.audience.parsing import AudienceFault
from outreach import genuine, segments
from outreach.campaigns import addressing, drafting, freezing, schedule, states, texts
from outreach.reach import Lines
from outreach.segments import Office
from outreach.texts import say
from records import campaign_drafts as drafts
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
CHANNELS: Mapping[str, str] = {
    "telegram": "Telegram",
    "webchat": "网页",
    "wecom_app": "企业微信",
    "wecom_kf": "微信客服",
}
_LOOKED_AT = 200  # people among whom the riskiest are looked for
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class House:
    """What a campaign is looked at with: the places, the channels in service, who we are."""

    office: Office
    lines: Lines
    name: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One message as somebody would get it, and why it is shown."""

    why: str
    text: str


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be seen; `counts` has "" for those planned, and a reason for the others."""

    campaign: Campaign
    audience: str
    said: Sequence[CampaignText]
    waves: Sequence[CampaignWave]
    counts: Mapping[str, int]
    samples: Sequence[Sample]
    is_frozen: bool

    @property
    def planned(self) -> int:
        return self.counts.get("", 0)


def look(session: Session, vault: Vault, house: House, number: int, now: datetime) -> Look:
    """A campaign as it stands: of a draft what a freeze would come to now."""
    campaign = drafting.found(session, number)
    is_frozen = campaign.state not in (CampaignState.DRAFT.value, CampaignState.FREEZING.value)
    said, waves = drafts.texts(session, number), drafts.waves(session, number)
    spoken, counts, some = "", dict[str, int](), list[tuple[str, str, str]]()
    if campaign.audience:
        spoken = _spoken(session, house, campaign, campaign.frozen_at or now)
    if is_frozen:
        counts = drafts.left_out(session, number)
        some = drafts.some_planned(session, number, _LOOKED_AT)
    elif campaign.audience and waves:
        found = freezing.preview(session, house.office, number, house.lines, now)
        if found:
            counts = {**found.left_out, "": found.planned, "held_out": found.held_out}
            some = [(each, "A", "") for each in found.sample]
    samples = _samples(session, vault, house, campaign, said, some)
    return Look(campaign, spoken, said, waves, counts, samples, is_frozen)


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
    for text in seen.said:
        where = f"（{CHANNELS.get(text.channel, text.channel)}）" if text.channel else ""
        yield f"文字{text.variant}{where}：{text.text}{' ' + text.link if text.link else ''}"
    if one.second:
        yield f"{one.second}%的人看B文字。"
    for sample in seen.samples:
        yield f"——{sample.why}：\n{sample.text}"


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
    if seen.campaign.takes_late and seen.is_frozen:
        yield "以后新合条件的人，每天补进来。"


def _when(seen: Look) -> Iterator[str]:
    for wave in seen.waves:
        yield f"第{wave.number}波 {schedule.when(wave)}（{wave.said}）{wave.share}%的人"
    if seen.campaign.ends_at is not None:
        yield f"到{schedule.spoken(seen.campaign.ends_at)}为止，没发的不再发。"


def _spoken(session: Session, house: House, campaign: Campaign, at: datetime) -> str:
    at_home = Office(house.office.places, campaign.town or campaign.area)
    try:
        return segments.read(session, at_home, campaign.audience, at).spoken
    except AudienceFault as fault:
        return f"{campaign.audience}（{fault}）"


def _samples(
    session: Session,
    vault: Vault,
    house: House,
    campaign: Campaign,
    said: Sequence[CampaignText],
    some: Sequence[tuple[str, str, str]],
) -> list[Sample]:
    """The longest, the one of whom least is known, and one more; of nobody, with fallbacks."""
    if not said:
        return []
    places, ids = house.office.places, [person for person, _, _ in some]
    code = say("genuine.foot", code=genuine.of_campaign(vault, campaign.id or 0))
    values = addressing.of_people(session, vault, places, campaign, ids, house.name)
    whole: list[tuple[int, str]] = []  # how much is missing, the message
    for person, variant, channel in some:
        text = texts.chosen(said, variant, channel)
        if text is not None:
            missing = sum(not values[person].get(name) for name in texts.holders(text.text))
            body = texts.fill(text.text, values[person])
            whole.append((missing, f"{texts.footed(body, text.link)}\n{code}"))
    if not whole:
        nobody = addressing.of_nobody(places, campaign, house.name)
        return [
            Sample(
                "什么都不知道的人",
                f"{texts.footed(texts.fill(one.text, nobody), one.link)}\n{code}",
            )
            for one in said[:_SHOWN]
        ]
    return _riskiest(whole)


def _riskiest(whole: Sequence[tuple[int, str]]) -> list[Sample]:
    longest = max(whole, key=lambda one: len(one[1]))
    barest = max(whole, key=lambda one: (one[0], -len(one[1])))
    shortest = min(whole, key=lambda one: len(one[1]))
    named = (("最长的", longest), ("缺的最多的", barest), ("最短的", shortest))
    found: dict[str, str] = {}
    for why, (_, text) in named:
        found.setdefault(text, why)
    for _, text in whole:
        if len(found) < _SHOWN:
            found.setdefault(text, "另一个")
    return [Sample(why, text) for text, why in found.items()]
