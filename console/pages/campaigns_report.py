"""What came of a campaign: its ledger, its effect with a picture, its lists, its proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from console.campaigns import finding, working
from console.desk import Desk, NotHere, Refused
from console.download import sent
from console.lately import Lately
from console.look import masked_name
from console.page import Page
from console.pictures.showing import shown
from outreach import stalls
from outreach.campaigns import effect, looking, reasons, states
from outreach.campaigns.proof import WORDS
from outreach.reports.pictured import waves
from outreach.reports.pictured.picture import Picture
from records import background, campaign_drafts, kept_files, ledger, people, rights
from records.background import BackgroundWork, NewWork, WorkState
from records.database import Session
from records.kept_files import Kept, Purpose
from records.ledger import Line, Stand
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault

_LATELY = Lately(timedelta(minutes=5))
_MOST = 50
_SPANS = (7, 14, 30)
_PROOFS = 5


@dataclass(frozen=True, slots=True)
class Came:
    """What people did after their turn: in sentences, wave by wave, and asked at stalls."""

    effect: tuple[str, ...]
    response: Picture
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One line of a list; the name is masked."""

    line: Line
    name: str


async def report(desk: Desk) -> web.StreamResponse:
    """How it stands, and what people did."""
    number, days = desk.number("number"), _days(desk)
    found = await desk.read(finding.seen, desk.staff, number)
    standing = await finding.standing(desk, found)

    async def made() -> Came:
        return await desk.read(_came, desk.means.vault, number, days, desk.now)

    came = await _LATELY.get(desk, (number, days, found.state, len(found.steps)), made)
    works = await desk.read(_proofs, desk.means.vault, desk.staff.name, number)
    return desk.render(
        "campaigns/report.html",
        seen=found,
        words=states.WORDS,
        tones=finding.TONES,
        standing=standing,
        stands=WORDS,
        came=came.value,
        at=came.at,
        response=shown(came.value.response),
        days=days,
        spans=_SPANS,
        works=works,
        is_done=WorkState.DONE,
    )


def _days(desk: Desk) -> int:
    typed = desk.query.get("days", "14")
    return int(typed) if typed in map(str, _SPANS) else 14


def _came(session: Session, vault: Vault, number: int, days: int, now: datetime) -> Came:
    campaign = campaign_drafts.find(session, number)
    if campaign is None:
        raise NotHere
    told = tuple(effect.lines(effect.measure(session, campaign, days, now)))
    response = waves.response(session, campaign, days, now)
    return Came(told, response, tuple(stalls.lines(session, vault, campaign)))


async def recipients(desk: Desk) -> web.StreamResponse:
    """Who stands so, a page of those in reach."""
    number, after = desk.number("number"), desk.query.get("after", "")[:24]
    stand = _stand(desk.query.get("stand", ""))
    found = await desk.read(finding.seen, desk.staff, number)
    lines = await desk.read(_recipients, desk, number, stand, after)
    await desk.note("campaign.recipients", f"campaign:{number}")
    older = ""
    if len(lines) > _MOST:
        last = lines[_MOST - 1].line.person_id
        older = f"/console/campaigns/{number}/people?stand={stand.value}&after={last}"
    return desk.render(
        "campaigns/people.html",
        seen=found,
        lines=lines[:_MOST],
        stand=WORDS[stand],
        channels=looking.CHANNELS,
        why=reasons.said,
        older=older,
    )


def _stand(typed: str) -> Stand:
    try:
        return Stand(typed)
    except ValueError as fault:
        raise NotHere from fault


def _recipients(
    session: Session, desk: Desk, number: int, stand: Stand, after: str
) -> list[Recipient]:
    reach = rights.reach(session, desk.staff, desk.now)
    found = ledger.page(session, number, stand, after=after, most=_MOST + 1, reach=reach)
    known = people.by_ids(session, desk.means.vault, [one.person_id for one in found])
    return [Recipient(one, masked_name(known[one.person_id].nickname)) for one in found]


async def ask_for_proof(desk: Desk) -> web.StreamResponse:
    """A file with a line for everybody, made in the background."""
    number, ending = desk.number("number"), desk.form.get("ending", "xlsx")
    found = await desk.read(finding.seen, desk.staff, number)
    if ending not in ("xlsx", "csv"):
        raise Refused("台账只有 Excel 和 CSV 两种。")
    if not found.campaign.frozen:
        raise Refused("名单还没列，没有台账。")
    await desk.write(_ask_for_proof, desk, number, ending)
    return desk.go(f"/campaigns/{number}/report", said="正在做台账，做好了在这一页下面取。")


def _ask_for_proof(session: Session, desk: Desk, number: int, ending: str) -> None:
    asked = {"number": number, "ending": ending}
    work = NewWork(working.PROOF, desk.staff.name, asked, desk.staff.area)
    background.add(session, desk.means.vault, work, desk.now)


async def proof(desk: Desk) -> web.StreamResponse:
    """The file, once it is made."""
    number, work = desk.number("number"), desk.number("work")
    kept = await desk.read(_proof, desk.means.vault, desk.staff, number, work, desk.now)
    await desk.note("campaign.proof", f"campaign:{number}")
    return await sent(desk, kept)


def _proof(
    session: Session, vault: Vault, staff: Staff, number: int, work: int, now: datetime
) -> Kept:
    finding.theirs(session, staff, number)
    if work not in [one.number for one in _proofs(session, vault, staff.name, number)]:
        raise NotHere
    kept = kept_files.of_work(session, vault, work, now).get(Purpose.RESULT)
    if kept is None:
        raise Refused("这个文件过了一天，已经删了：请再做一份。")
    return kept


def _proofs(session: Session, vault: Vault, by: str, number: int) -> list[BackgroundWork]:
    """The proofs of a campaign that somebody asked for last."""
    found = background.of(session, by, [working.PROOF])
    mine = [one for one in found if background.asked(vault, one).get("number") == number]
    return mine[:_PROOFS]


def progress(session: Session, staff: Staff, key: str, now: datetime) -> str:
    """Another one when a file of theirs is made."""
    found = background.of(session, staff.name, [working.PROOF], most=_PROOFS)
    return "/".join(f"{one.number}{one.state}" for one in found)


PAGES = (
    Page("GET", "/campaigns/{number}/report", report, Right.CAMPAIGNS),
    Page("GET", "/campaigns/{number}/people", recipients, Right.CAMPAIGNS),
    Page("POST", "/campaigns/{number}/proof", ask_for_proof, Right.CAMPAIGNS),
    Page("GET", "/campaigns/{number}/proof/{work}", proof, Right.CAMPAIGNS),
)
TOPICS = {"campaign-files": progress}
