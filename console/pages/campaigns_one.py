"""One campaign as it stands: a draft to be written, a list that waits, progress, its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from pydantic import Field

from console.campaigns import finding, working
from console.campaigns.finding import TONES, Seen, house, on_a_page
from console.desk import Desk
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Page
from outreach.campaigns import drafting, looking, schedule, states, texts, trying
from outreach.campaigns.drafting import Against, Split, Wording
from outreach.campaigns.refusing import CampaignRefused
from outreach.campaigns.states import Act
from outreach.posting import checking
from records import background, segments
from records import campaign_drafts as drafts
from records.background import NewWork
from records.campaigns import Campaign, CampaignState, CampaignText
from records.database import Session
from records.rights import Right

Forms = Mapping[str, Filled[Any]]
_CHANNELS = [(key, texts.CHANNELS.get(key, key)) for key in drafting.CHANNELS if key]


class Text(Form):
    """One wording."""

    text: str
    variant: str = "A"
    channel: str = ""
    link: str = Field(default="", max_length=300)


class Aim(Form):
    """For whom."""

    audience: str = Field(max_length=2_000)


class Plan(Form):
    """When, a wave a line."""

    waves: str = Field(max_length=1_000)
    ends: str = Field(default="", max_length=60)


class Shares(Form):
    """Who is not written to, who gets wording B, its weight beside others."""

    holdout: int = 0
    second: int = 0
    weight: int = 1
    late: str = ""


async def campaign(desk: Desk) -> web.StreamResponse:
    """One campaign: what is to be done with it next comes first."""
    return await _shown(desk, {})


async def _shown(desk: Desk, forms: Forms, status: int = 200) -> web.StreamResponse:
    found = await desk.read(finding.seen, desk.staff, desk.number("number"))
    named = await desk.named(found.campaign.area, found.campaign.town)
    shared = {
        "seen": found,
        "place": named(found.campaign.town or found.campaign.area),
        "words": states.WORDS,
        "tones": TONES,
        "steps": states.STEPS,
    }
    if found.state is CampaignState.DRAFT:
        return desk.render(
            "campaigns/draft.html", status, **shared, **await _draft(desk, found, forms)
        )
    standing = await finding.standing(desk, found)
    may = {act.name.lower(): states.may_be(act, found.campaign) for act in Act}
    planned = standing.figures.planned
    return desk.render(
        "campaigns/one.html",
        status,
        **shared,
        standing=standing,
        may=may,
        who_agrees=states.who_agrees(planned) if planned else "",
        is_for_many=planned > states.MANY,
    )


async def _draft(desk: Desk, found: Seen, forms: Forms) -> dict[str, Any]:
    """What the page of a draft shows, and its forms as they are kept."""
    one = found.campaign
    looked = await finding.look(desk, found)
    look = looked.look
    return {
        "look": look,
        "is_counting": looked.is_counting,
        "reasons": looking.REASONS,
        "channels": texts.CHANNELS,
        "when": schedule.when,
        "which": texts.which,
        "saved": await desk.read(segments.listed, one.town or one.area),
        "sent_back": (await desk.read(drafts.sent_back)).get(found.number),
        "missing": await desk.read(_missing, one, desk.now),
        "no_test": finding.plain(await desk.read(trying.fault, found.number, desk.staff.name)),
        "needs_test": await desk.read(states.needs_test, one, look.planned),
        "f_aim": forms.get("aim") or blank({"audience": one.audience}),
        "f_plan": forms.get("plan") or blank({"waves": "\n".join(map(_typed, look.waves))}),
        "f_split": forms.get("split") or blank(_shares(one)),
    }


def _typed(wave: Any) -> str:
    return f"{wave.said} {wave.share}%"


def _shares(one: Campaign) -> dict[str, str]:
    numbers = {name: str(getattr(one, name)) for name in ("holdout", "second", "weight")}
    return {**numbers, "late": "yes" if one.takes_late else ""}


def _missing(session: Session, one: Campaign, now: Any) -> str:
    """What it cannot be submitted without, "" where it is whole."""
    try:
        states.check_whole(session, one, now)
    except CampaignRefused as refusal:
        return finding.said(refusal)
    return ""


async def text(desk: Desk) -> web.StreamResponse:
    """One wording to be written."""
    number = desk.number("number")
    found = await desk.read(finding.seen, desk.staff, number)
    variant, channel = desk.query.get("variant", "A"), desk.query.get("channel", "")
    kept = await desk.read(drafts.texts, number)
    own = next((one for one in kept if (one.variant, one.channel) == (variant, channel)), None)
    typed = {"variant": variant, "channel": channel, **_words_of(own)}
    return _text(desk, found, blank(typed))


def _words_of(own: CampaignText | None) -> dict[str, str]:
    return {"text": own.text, "link": own.link} if own else {}


def _text(desk: Desk, found: Seen, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    return desk.render(
        "campaigns/text.html",
        status,
        seen=found,
        f=f,
        channels=_CHANNELS,
        names=texts.NAMES,
        hosts=desk.means.link_hosts,
        most=texts.OF_A_LETTER if found.campaign.kind == drafting.LETTER else texts.MOST,
    )


async def write(desk: Desk) -> web.StreamResponse:
    """Keep a wording."""
    found = await desk.read(finding.seen, desk.staff, desk.number("number"))
    f = filled(Text, desk.form)
    if f.value is None:
        return _text(desk, found, f, 422)
    try:
        await desk.write(_write, desk, found.number, f.value)
    except CampaignRefused as refusal:
        return _text(desk, found, wrong(f.typed, text=finding.said(refusal)), 422)
    return desk.go(f"/campaigns/{found.number}", said="文字记下了，下面看看各人会收到什么。")


def _write(session: Session, desk: Desk, number: int, told: Text) -> None:
    known = checking.named(session, desk.means.vault, told.text)
    against = Against(desk.means.link_hosts, known)
    said = Wording(told.text, told.variant, told.channel, told.link)
    drafting.write(session, number, said, against, desk.staff.name, desk.now)


async def drop_text(desk: Desk) -> web.StreamResponse:
    """Forget a wording."""
    number = await _number(desk)
    variant, channel = desk.form.get("variant", ""), desk.form.get("channel", "")
    with on_a_page():
        await desk.write(drafting.unwrite, number, variant, channel, desk.staff.name, desk.now)
    return desk.go(f"/campaigns/{number}", said="这段文字删了。")


async def aim(desk: Desk) -> web.StreamResponse:
    """For whom it is."""
    number, f = await _number(desk), filled(Aim, desk.form)
    if f.value is None:
        return await _shown(desk, {"aim": f}, 422)
    office, by = house(desk).office, desk.staff.name
    try:
        found = await desk.write(drafting.aim, office, number, f.value.audience, by, desk.now)
    except CampaignRefused as refusal:
        fault = wrong(f.typed, audience=finding.said(refusal))
        return await _shown(desk, {"aim": fault}, 422)
    return desk.go(f"/campaigns/{number}", said=f"发给：{found.spoken}")


async def plan(desk: Desk) -> web.StreamResponse:
    """When it goes out."""
    number, f = await _number(desk), filled(Plan, desk.form)
    if f.value is None:
        return await _shown(desk, {"plan": f}, 422)
    typed = [line.strip() for line in f.value.waves.splitlines() if line.strip()]
    try:
        await desk.write(drafting.plan, number, typed, f.value.ends, desk.staff.name, desk.now)
    except CampaignRefused as refusal:
        return await _shown(desk, {"plan": wrong(f.typed, waves=finding.said(refusal))}, 422)
    return desk.go(f"/campaigns/{number}", said="时间记下了。")


async def split(desk: Desk) -> web.StreamResponse:
    """The shares."""
    number, f = await _number(desk), filled(Shares, desk.form)
    if f.value is None:
        return await _shown(desk, {"split": f}, 422)
    one = f.value
    wanted = Split(one.holdout, one.second, one.weight, one.late == "yes")
    try:
        await desk.write(drafting.split, number, wanted, desk.staff.name, desk.now)
    except CampaignRefused as refusal:
        return await _shown(desk, {"split": wrong(f.typed, holdout=finding.said(refusal))}, 422)
    return desk.go(f"/campaigns/{number}", said="比例记下了。")


async def test(desk: Desk) -> web.StreamResponse:
    """To one's own account."""
    number = await _number(desk)
    with on_a_page():
        count = await desk.write(_test, desk, number)
    desk.means.wake_sender()
    said = f"试发了{count}段到您自己的账号，几秒之内到。末行的核对码，正式发了以后才查得到。"
    return desk.go(f"/campaigns/{number}", said=said)


def _test(session: Session, desk: Desk, number: int) -> int:
    by, vault = desk.staff.name, desk.means.vault
    return trying.send(session, vault, house(desk), number, by, desk.now)


async def submit(desk: Desk) -> web.StreamResponse:
    """Its list is written down in the background, and a second person asked."""
    number = await _number(desk)
    with on_a_page():
        await desk.write(_submit, desk, number)
    said = "提交了，正在列名单；列好了要有人看过、同意，才会发。"
    return desk.go(f"/campaigns/{number}", said=said)


def _submit(session: Session, desk: Desk, number: int) -> None:
    states.submit(session, number, desk.staff.name, desk.now)
    work = NewWork(working.FREEZE, desk.staff.name, {"number": number}, desk.staff.area)
    background.add(session, desk.means.vault, work, desk.now)


async def _number(desk: Desk) -> int:
    """The number of a campaign that is theirs."""
    number = desk.number("number")
    await desk.read(finding.theirs, desk.staff, number)
    return number


async def take_back(desk: Desk) -> web.StreamResponse:
    """A list that cannot be written down, or that nobody should look at yet: a draft again."""
    number = await _number(desk)
    with on_a_page():
        await desk.write(states.withdraw, number, desk.staff.name, desk.now)
    return desk.go(f"/campaigns/{number}", said="撤回来了，又是草稿。")


PAGES = (
    Page("GET", "/campaigns/{number}", campaign, Right.CAMPAIGNS),
    Page("GET", "/campaigns/{number}/text", text, Right.CAMPAIGNS),
    Page("POST", "/campaigns/{number}/text", write, Right.CAMPAIGNS),
    Page("POST", "/campaigns/{number}/text/drop", drop_text, Right.CAMPAIGNS),
    Page("POST", "/campaigns/{number}/audience", aim, Right.CAMPAIGNS),
    Page("POST", "/campaigns/{number}/waves", plan, Right.CAMPAIGNS),
    Page("POST", "/campaigns/{number}/split", split, Right.CAMPAIGNS),
    Page("POST", "/campaigns/{number}/test", test, Right.CAMPAIGNS),
    Page("POST", "/campaigns/{number}/submit", submit, Right.CAMPAIGNS),
    Page("POST", "/campaigns/{number}/take-back", take_back, Right.CAMPAIGNS),
)
