"""A campaign as its pages need it: only who may run it finds it; refusals in words of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.desk import Desk, NotHere, Refused
from console.lately import Lately
from handlers.places import country
from outreach.campaigns import looking, rights, telling
from outreach.campaigns.looking import House, Look
from outreach.campaigns.refusing import CampaignRefused
from outreach.segments import Office
from records import campaign_drafts, ledger
from records.campaign_drafts import Step
from records.campaigns import Campaign, CampaignState
from records.database import Session
from records.ledger import Figures, Stand
from records.staff_accounts import Staff
from records.vault import Vault

TONES = {
    CampaignState.DRAFT: "plain",
    CampaignState.FREEZING: "info",
    CampaignState.SUBMITTED: "warn",
    CampaignState.APPROVED: "info",
    CampaignState.RUNNING: "good",
    CampaignState.PAUSED: "warn",
    CampaignState.STOPPED: "bad",
    CampaignState.FINISHED: "plain",
}
_ELSEWHERE = re.compile(r"[：:，]?(?:(?:回“[^”]*”，)?或 )?(?:guiyan |加 ?--)[^。，]*")
_BUTTONS = (  # what is answered in the chat, as it is done on a page
    (re.compile(r"回“(暂停|继续|停止)推送 \d+”"), r"按“\1”"),
    (re.compile(r"看结果回“推送情况 \d+”"), "看“结果和台账”"),
    (re.compile(r"：回“同意 \d+”"), ""),
)
_LOOKED = Lately(timedelta(minutes=1))
_STANDING = Lately(timedelta(seconds=10))


@dataclass(frozen=True, slots=True)
class Seen:
    """One campaign with what was done with it."""

    campaign: Campaign
    steps: tuple[Step, ...]

    @property
    def state(self) -> CampaignState:
        return CampaignState(self.campaign.state)

    @property
    def number(self) -> int:
        return self.campaign.id or 0


def house(desk: Desk) -> House:
    """What a campaign is looked at with here."""
    return House(Office(country(), ""), desk.means.lines, desk.means.office)


def theirs(session: Session, staff: Staff, number: int) -> Campaign:
    """The campaign, if it is theirs to run; else it is not there."""
    campaign = campaign_drafts.find(session, number)
    if campaign is None or not rights.is_theirs(staff, campaign):
        raise NotHere
    return campaign


def seen(session: Session, staff: Staff, number: int) -> Seen:
    """The same, with its steps."""
    campaign = theirs(session, staff, number)
    return Seen(campaign, tuple(campaign_drafts.steps(session, number)))


def version(session: Session, staff: Staff, key: str, now: datetime) -> str:
    """Another one after each step; while it moves by itself, every ten seconds."""
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return ""
    try:
        found = seen(session, staff, int(key))
    except NotHere:
        return ""
    moves = found.state in (CampaignState.FREEZING, CampaignState.RUNNING, CampaignState.PAUSED)
    tick = int(now.timestamp() // 10) if moves else 0
    is_counting = _LOOKED.is_making(lambda made: made[0] == found.number)
    return f"{found.state.value}/{len(found.steps)}/{tick}/{is_counting}"


@dataclass(frozen=True, slots=True)
class Looked:
    """Texts, audience, counts and samples; or without what is still being counted."""

    look: Look
    is_counting: bool = False


async def look(desk: Desk, found: Seen) -> Looked:
    """Of a draft as it was a minute ago at most; its page does not wait for the count."""
    one = found.campaign
    last = found.steps[-1].at if found.steps else one.created_at
    key = (found.number, one.state, one.digest, len(found.steps), last)

    async def made() -> Look:
        return await desk.read(_look, desk.means.vault, house(desk), found.number, desk.now)

    waits = found.state is not CampaignState.DRAFT or desk.query.get("count") == "now"
    known = await _LOOKED.soon(desk, key, made, None if waits else desk.means.patience)
    if known is None:
        vault = desk.means.vault
        return Looked(await desk.read(_words, vault, house(desk), found.number, desk.now), True)
    if any(one.samples for one in known.value.leaving):
        await desk.note("campaign.previewed", f"campaign:{found.number}")
    return Looked(known.value)


def _look(session: Session, vault: Vault, at: House, number: int, now: datetime) -> Look:
    return looking.look(session, vault, at, number, now)


def _words(session: Session, vault: Vault, at: House, number: int, now: datetime) -> Look:
    return looking.look(session, vault, at, number, now, counts_draft=False)


def said(refusal: CampaignRefused) -> str:
    """A refusal without what only the command line and the chat can do."""
    text = _ELSEWHERE.sub("", str(refusal)).replace("群发任务", "推送").strip()
    for answered, pressed in _BUTTONS:
        text = answered.sub(pressed, text)
    return text


@contextmanager
def on_a_page() -> Iterator[None]:
    """Refusals become the page's own."""
    try:
        yield
    except CampaignRefused as refusal:
        raise Refused(said(refusal)) from refusal


def plain(text: str) -> str:
    """The same of a sentence that is no refusal."""
    return said(CampaignRefused(text))


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with everybody: sums by what became of them, lines that say why."""

    figures: Figures
    lines: tuple[str, ...]

    @property
    def done(self) -> int:
        """Whose turn is over, whatever came of it."""
        return self.figures.planned - self.figures.whole.get(Stand.HELD, 0)


async def standing(desk: Desk, found: Seen) -> Standing:
    """The ledger as it was ten seconds ago at most."""

    async def made() -> Standing:
        return await desk.read(_standing, found.number)

    key = (found.number, found.state, len(found.steps))
    return (await _STANDING.get(desk, key, made)).value


def _standing(session: Session, number: int) -> Standing:
    campaign = campaign_drafts.find(session, number)
    assert campaign is not None
    counts = ledger.counts(session, number)
    _, *lines = telling.lines(campaign, counts)
    return Standing(ledger.summed(counts), tuple(lines))
