"""`guiyan privacy requests`: what people ask about their data, with its clocks."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path

from bot.cli import CommandError
from bot.commands.in_store import Lines
from bot.commands.privacy_office import clerk, done, kept, officer, person_with
from bot.packs import library_of
from bot.settings import Settings
from bot.wiring import App
from handlers import privacy_desk
from handlers.dialogue import Office
from handlers.forms.form import load_forms
from handlers.privacy_desk import NewRequest, Settled
from knowledge.answer import Answerer
from outreach import clocks
from records import privacy_requests, scope
from records.database import Session
from records.privacy_requests import Outcome, Request, RequestKind


def list_requests(options: argparse.Namespace, settings: Settings) -> int:
    """What waits."""

    def work(session: Session, app: App, area: str) -> Lines:
        staff = officer(session, options)
        found = privacy_requests.waiting(session, app.vault, staff.area)
        return [_line(one, app) for one in found] or ["nothing waits"]

    return done(options, settings, work)


def take_in(options: argparse.Namespace, settings: Settings) -> int:
    """Enter one that came by phone, at the counter or on paper."""

    def work(session: Session, app: App, area: str) -> Lines:
        staff, now = officer(session, options), app.now()
        person = person_with(session, app.vault, options.phone, staff) if options.phone else ""
        kind = RequestKind(options.kind)
        new = NewRequest(kind, options.text, options.way, person, staff.area)
        token = secrets.token_hex(16)
        number = privacy_desk.take_in(session, app.vault, new, token=token, by=staff.name, now=now)
        promise = clocks.clock(now, privacy_desk.PROMISED).shown(now)
        limit = clocks.clock(now, privacy_desk.HARD).shown(now)
        return [f"{number}  回执号请告诉来人；我们承诺{promise}答复，法定{limit}"]

    return done(options, settings, work)


def show(options: argparse.Namespace, settings: Settings) -> int:
    """One request."""

    def work(session: Session, app: App, area: str) -> Lines:
        found = _theirs(session, app, options)
        reason = [f"reason: {found.reason}"] if found.reason else []
        return [_line(found, app), str(app.vault.open(found.ticket.subject)), *reason]

    return done(options, settings, work)


def sort(options: argparse.Namespace, settings: Settings) -> int:
    """Say what it is about."""

    def work(session: Session, app: App, area: str) -> Lines:
        number, kind = _theirs(session, app, options).ticket.number, RequestKind(options.kind)
        by, now = options.staff, app.now()
        privacy_desk.sort(session, app.vault, number, kind, by=by, now=now)
        return [f"{number} is about {kind.value}"]

    return done(options, settings, work)


def who(options: argparse.Namespace, settings: Settings) -> int:
    """Staff have checked who asks."""

    def work(session: Session, app: App, area: str) -> Lines:
        number = _theirs(session, app, options).ticket.number
        staff = officer(session, options)
        person = person_with(session, app.vault, options.phone, staff)
        by, now = staff.name, app.now()
        privacy_desk.name_person(session, app.vault, number, person, by=by, now=now)
        return [f"{number} is about {person}"]

    return done(options, settings, work)


def copy(options: argparse.Namespace, settings: Settings) -> int:
    """Everything held of whom it is about, as a file to hand over."""

    def work(session: Session, app: App, area: str) -> Lines:
        found = _theirs(session, app, options)
        if not found.ticket.person_id:
            raise CommandError("nobody is named yet: `guiyan privacy requests who` names them")
        folder = Path(settings.forms_dir) if settings.forms_dir else None
        text = privacy_desk.copy_of(
            session,
            app.vault,
            found.ticket.person_id,
            answerer=Answerer(library_of(settings.areas, ())),
            office=Office(settings.office_name, settings.office_phone),
            forms=load_forms(folder),
            by=options.staff,
            now=app.now(),
        )
        kept(Path(options.out), text.encode())
        return [f"wrote {options.out}: hand it over, then remove it"]

    return done(options, settings, work)


def fulfil(options: argparse.Namespace, settings: Settings) -> int:
    """It is done."""
    return _settled(options, settings, Outcome.DONE, options.note)


def refuse(options: argparse.Namespace, settings: Settings) -> int:
    """It is refused, with a reason."""
    return _settled(options, settings, Outcome.REFUSED, options.why)


def erase(options: argparse.Namespace, settings: Settings) -> int:
    """Delete whom it is about."""

    def work(session: Session, app: App, area: str) -> Lines:
        number = _theirs(session, app, options).ticket.number
        folder = Path(settings.forms_dir) if settings.forms_dir else None
        counted = privacy_desk.counted_of(load_forms(folder))
        who, now = clerk(session, options), app.now()
        told = privacy_desk.erase(session, app.vault, number, counted=counted, clerk=who, now=now)
        return ["erased", _told(told)]

    return done(options, settings, work)


def died(options: argparse.Namespace, settings: Settings) -> int:
    """Whom it is about has died."""

    def work(session: Session, app: App, area: str) -> Lines:
        number = _theirs(session, app, options).ticket.number
        who, now = clerk(session, options), app.now()
        privacy_desk.mark_died(session, app.vault, number, clerk=who, now=now)
        return ["marked; nothing is sent to them any more"]

    return done(options, settings, work)


def _settled(
    options: argparse.Namespace, settings: Settings, outcome: Outcome, reason: str
) -> int:
    def work(session: Session, app: App, area: str) -> Lines:
        number = _theirs(session, app, options).ticket.number
        who, now = clerk(session, options), app.now()
        told = privacy_desk.settle(
            session, app.vault, number, outcome, reason=reason, clerk=who, now=now
        )
        return [outcome.value, _told(told)]

    return done(options, settings, work)


def _told(one: Settled) -> str:
    if one.channel:
        return f"they are told on {one.channel}; receipt {one.number}"
    return f"they cannot be reached: tell them yourself; receipt {one.number}"


def _theirs(session: Session, app: App, options: argparse.Namespace) -> Request:
    """The request of this number, if it is of the area that the officer looks after."""
    staff = officer(session, options)
    found = privacy_requests.find(session, app.vault, options.number)
    if found is None or not _is_theirs(session, staff.area, found):
        raise CommandError(f"there is no request {options.number}")
    return found


def _is_theirs(session: Session, area: str, one: Request) -> bool:
    return scope.may_see_ticket(session, area, one.ticket.person_id, one.ticket.area)


def _line(one: Request, app: App) -> str:
    ticket, now = one.ticket, app.now()
    kind = privacy_desk.NAMES[one.kind] if one.kind else "未分类"
    if one.outcome is not None:
        state = f"{privacy_desk.OUTCOMES[one.outcome]} by {one.decided_by}"
    elif ticket.closed_at is not None:
        state = "closed"
    else:
        promise, limit = privacy_desk.promised(ticket).shown(now), privacy_desk.limit(ticket)
        state = f"{promise}（法定{limit.shown(now)}）"
    return f"{ticket.number}  {kind}  {one.way}  {state}"
