"""The privacy office: what waits, the ledger of consents, retention, its papers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from aiohttp import web
from sqlalchemy import func, select

from console.desk import Desk, NotHere, Refused
from console.look import masked_name
from console.page import Page, Waiting
from console.trail_words import words_of
from handlers import consent, privacy_desk
from handlers.texts import table
from outreach.privacy import assessment, ledger, papers, retention
from outreach.privacy.ledger import Count, Entry
from outreach.privacy.papers import Paper
from outreach.privacy.periods import BY_PURPOSE, kept
from outreach.privacy.retention import RetentionRefused
from outreach.privacy.self_audit import self_audit
from records import audit, incidents, people, privacy_requests, privacy_retention, rights
from records.database import Session
from records.incidents import Incident
from records.people import Person, Status
from records.privacy_retention import Report
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault

TABS = (
    ("/privacy", "总览", None),
    ("/privacy/requests", "请求", None),
    ("/privacy/consents", "同意台账", None),
    ("/privacy/retention", "保存期限", None),
    ("/privacy/incidents", "安全事件", None),
)
_MOST, _DAYS = 50, 14
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PEOPLE = Person.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the office looks at first."""

    requests: int
    late: int
    unsigned: int
    incident: Incident | None
    is_frozen: bool


async def overview(desk: Desk) -> web.StreamResponse:
    """What waits, and the papers."""
    found = await desk.read(_overview, desk.means.vault, desk.staff, desk.now)
    year = desk.now.year
    return desk.render("privacy/overview.html", tabs=TABS, found=found, years=(year, year - 1))


def _overview(session: Session, vault: Vault, staff: Staff, now: datetime) -> Overview:
    open_ones = privacy_requests.waiting(session, vault, staff.area)
    late = sum(privacy_desk.promised(one.ticket).is_late(now) for one in open_ones)
    today = privacy_retention.day_of(now)
    newest = incidents.latest(session, vault, 1)
    is_open = bool(newest) and newest[0].closed_at is None
    return Overview(
        privacy_requests.count_open(session, staff.area),
        late,
        len(privacy_retention.unsigned(session, today)),
        newest[0] if is_open else None,
        incidents.exports_frozen(session),
    )


async def consents(desk: Desk) -> web.StreamResponse:
    """Counts, and the newest answers of those in reach."""
    kind, before = desk.query.get("kind", "")[:20], _number(desk.query.get("before", ""))
    counts: list[Count] = await desk.read(ledger.counts)
    rows = await desk.read(_listed, desk.staff, kind, before, desk.now)
    ids = sorted({one.person_id for one in rows})
    known = await desk.read(people.by_ids, desk.means.vault, ids)
    more = rows[_MOST - 1].number if len(rows) == _MOST else 0
    await desk.note("consents.listed", kind)
    return desk.render(
        "privacy/consents.html",
        tabs=TABS,
        counts=counts,
        rows=rows,
        names={one.id: masked_name(one.nickname) for one in known.values()},
        channels=table("words")["channels"],
        kind=kind,
        name_of=ledger.name_of,
        older=f"/console/privacy/consents?kind={quote(kind)}&before={more}" if more else "",
    )


def _listed(
    session: Session, staff: Staff, kind: str, before: int | None, now: datetime
) -> list[Entry]:
    within = rights.reach(session, staff, now)
    return ledger.listed(session, within, kind=kind, before=before, limit=_MOST)


async def consents_of(desk: Desk) -> web.StreamResponse:
    """Everything that one person agreed to or refused, in its words."""
    person = await desk.person(desk.path("person"))
    rows = await desk.read(ledger.of_person, person)
    profiles = await desk.read(people.by_ids, desk.means.vault, [person])
    await desk.note("consents.read", person)
    channels = table("words")["channels"]
    name = masked_name(profiles[person].nickname) if person in profiles else ""
    return desk.render(
        "privacy/consents_of.html",
        rows=rows,
        name=name,
        name_of=ledger.name_of,
        person=person,
        channels=channels,
    )


async def shown_retention(desk: Desk) -> web.StreamResponse:
    """The newest reports."""
    reports: list[Report] = await desk.read(privacy_retention.latest, _DAYS)
    today = privacy_retention.day_of(desk.now)
    due = [one for one in reports if one.signed_at is None and one.day < today]
    return desk.render(
        "privacy/retention.html",
        tabs=TABS,
        reports=reports,
        due=len(due),
        periods=BY_PURPOSE,
        kept=kept,
        is_whole=retention.is_whole,
    )


async def sign(desk: Desk) -> web.StreamResponse:
    """Sign every report of a day that is over."""
    try:
        days = await desk.write(_sign, desk.staff.name, desk.now)
    except RetentionRefused as refusal:
        raise Refused(str(refusal)) from refusal
    return desk.go("/privacy/retention", f"签了{days}天的报告，内容从此不能再改。")


def _sign(session: Session, by: str, now: datetime) -> int:
    signed = retention.sign(session, by=by, now=now)
    for one in signed:
        day = one.day.isoformat()
        audit.write(session, "retention.signed", at=now, actor=audit.actor_of(by), subject=day)
    return len(signed)


async def assessed(desk: Desk) -> web.StreamResponse:
    """The impact assessment, from the running configuration."""
    told = {one.name: one.value for one in desk.means.settings}
    told["people"] = f"{await desk.read(_count)}人"
    paper = assessment.assessment(told, version=consent.version(), now=desk.now)
    await desk.note("assessment.taken")
    return await _sent(desk, paper, "个人信息保护影响评估")


async def audited(desk: Desk) -> web.StreamResponse:
    """The self-audit of a year."""
    year = _number(desk.form.get("year", ""))
    if year is None or not 2020 <= year <= desk.now.year:
        raise Refused("请选要自查的年份。")
    paper = await desk.read(_self_audit, year, desk.now)
    await desk.note("self_audit.taken", str(year))
    return await _sent(desk, paper, f"{year}年自查报告")


def _self_audit(session: Session, year: int, now: datetime) -> Paper:
    return self_audit(session, year, now, said=words_of)


async def _sent(desk: Desk, paper: Paper, name: str) -> web.Response:
    """As a document, or as text where it is wanted so."""
    is_text = (desk.form.get("shape") or desk.query.get("shape")) == "md"
    if is_text:
        body = papers.markdown(paper).encode()
    else:
        body = await asyncio.to_thread(papers.document, paper)
    kind, ending = ("text/markdown; charset=utf-8", "md") if is_text else (_DOCX, "docx")
    return download(body, f"{name}.{ending}", kind)


def download(body: bytes, name: str, kind: str) -> web.Response:
    """A file for its asker alone."""
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    headers = {"Content-Disposition": disposition, "Content-Type": kind}
    return web.Response(body=body, headers={**headers, "Cache-Control": "no-store"})


def _count(session: Session) -> int:
    query = select(func.count()).where(_PEOPLE.c.status == Status.CONFIRMED.value)
    return int(session.execute(query).scalar() or 0)


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotHere
    return int(text)


def _waits(session: Session, staff: Staff, _now: datetime) -> int:
    return privacy_requests.count_open(session, staff.area)


PAGES = (
    Page("GET", "/privacy", overview, Right.PRIVACY, menu="privacy"),
    Page("GET", "/privacy/consents", consents, Right.PRIVACY),
    Page("GET", "/privacy/consents/{person}", consents_of, Right.PRIVACY),
    Page("GET", "/privacy/retention", shown_retention, Right.PRIVACY),
    Page("POST", "/privacy/retention/sign", sign, Right.PRIVACY),
    Page("GET", "/privacy/assessment", assessed, Right.PRIVACY),
    Page("POST", "/privacy/self-audit", audited, Right.PRIVACY),
)
WAITING = (Waiting("个人信息请求没办", "/privacy/requests", Right.PRIVACY, _waits),)
