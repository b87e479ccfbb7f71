"""`guiyan privacy consents`, `retention`, `pia` and `audit`."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from bot.cli import BAD_USE, CommandError
from bot.commands.in_store import Lines
from bot.commands.privacy_office import done, kept, officer, person_with
from bot.settings import SETTINGS, Settings
from bot.wiring import App
from console.trail_words import words_of
from handlers import consent
from outreach.calendars import CHINA
from outreach.courses.booking import today_of
from outreach.privacy import assessment, ledger, papers, retention
from outreach.privacy import self_audit as audits
from outreach.privacy.ledger import Entry
from outreach.privacy.papers import Paper
from outreach.privacy.periods import BY_PURPOSE
from outreach.privacy.periods import kept as why
from records import audit, privacy_retention, rights
from records.database import Session
from records.privacy_retention import Line, Report
from records.retention import standings


def consents(options: argparse.Namespace, settings: Settings) -> int:
    """How many there are; of one person or one kind, each answer with its words."""

    def work(session: Session, app: App, area: str) -> Lines:
        if not (options.phone or options.kind):
            return [_counted(one) for one in ledger.counts(session)]
        if not options.staff:
            raise CommandError("name who reads it: --staff NAME", BAD_USE)
        staff = officer(session, options)
        if options.phone:
            person = person_with(session, app.vault, options.phone, staff)
            actor = audit.actor_of(staff.name)
            audit.write(session, "consents.read", at=app.now(), actor=actor, subject=person)
            return [line for one in ledger.of_person(session, person) for line in _whole(one)]
        within = rights.reach(session, staff, app.now())
        found = ledger.listed(session, within, kind=options.kind)
        return [_short(one) for one in found]

    return done(options, settings, work)


def retention_show(options: argparse.Namespace, settings: Settings) -> int:
    """The newest reports, with what was erased and why the rest is kept."""

    def work(session: Session, app: App, area: str) -> Lines:
        found = privacy_retention.latest(session, max(1, options.days))
        if not found:
            return ["no report yet: `guiyan jobs run retention_report` makes today's"]
        return [line for one in found for line in _report(one)]

    return done(options, settings, work)


def retention_preview(options: argparse.Namespace, settings: Settings) -> int:
    """What goes within a day, counted now."""

    def work(session: Session, app: App, area: str) -> Lines:
        return [_line(one) for one in retention.look(session, app.now())]

    return done(options, settings, work)


def retention_sign(options: argparse.Namespace, settings: Settings) -> int:
    """Sign what is over."""

    def work(session: Session, app: App, area: str) -> Lines:
        staff, now = officer(session, options), app.now()
        signed = retention.sign(session, by=staff.name, now=now)
        for one in signed:
            actor, day = audit.actor_of(staff.name), one.day.isoformat()
            audit.write(session, "retention.signed", at=now, actor=actor, subject=day)
        return [f"signed {one.day}  {privacy_retention.digest(one)}" for one in signed]

    return done(options, settings, work)


def assess(options: argparse.Namespace, settings: Settings) -> int:
    """The impact assessment as a document."""

    def work(session: Session, app: App, area: str) -> Lines:
        told = {one.variable: _value(settings, one.field, one.is_secret) for one in SETTINGS}
        told["people"] = f"{_people(session, app)}人"
        return _put(
            assessment.assessment(told, version=consent.version(), now=app.now()), options.out
        )

    return done(options, settings, work)


def self_audit(options: argparse.Namespace, settings: Settings) -> int:
    """The yearly self-audit as a document."""

    def work(session: Session, app: App, area: str) -> Lines:
        now = app.now()
        year = options.year or today_of(now).year
        return _put(audits.self_audit(session, year, now, said=words_of), options.out)

    return done(options, settings, work)


def _people(session: Session, app: App) -> int:
    return sum(one.held for one in standings(session, app.now()))


def _put(paper: Paper, out: str) -> Lines:
    path = Path(out)
    if path.suffix not in (".docx", ".md"):
        raise CommandError(f"{out} must end in .docx or .md", BAD_USE)
    is_text = path.suffix == ".md"
    kept(path, papers.markdown(paper).encode() if is_text else papers.document(paper))
    return [f"wrote {out}; what is left as 待填 is the office's to write"]


def _value(settings: Settings, field: str, is_secret: bool) -> str:
    value = getattr(settings, field)
    if is_secret:
        return "已设置" if value else ""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value or "")


def _counted(one: ledger.Count) -> str:
    name = ledger.name_of(one.kind)
    return f"{one.kind}  {name}  yes {one.given}  no {one.refused}  ended {one.ended}"


def _short(one: Entry) -> str:
    said = "yes" if one.is_given else "no"
    ended = f"  ended {_day(one.ended_at)}" if one.ended_at else ""
    given = f"{_day(one.given_at)}  {one.channel}  wording {one.version or '–'}"
    return f"{one.number}  {one.person_id}  {one.kind}  {said}  {given}{ended}"


def _whole(one: Entry) -> Lines:
    until = f"  proof kept until {_day(one.kept_until)}" if one.kept_until else ""
    words = [f"    {line}" for line in one.words.splitlines()]
    return [_short(one) + until, *words]


def _report(one: Report) -> Lines:
    state = f"signed by {one.signed_by}" if one.signed_at else "not signed"
    if not retention.is_whole(one):
        state += ", CHANGED SINCE"
    return [f"{one.day}  erased {one.erased}  {state}", *(f"  {_line(x)}" for x in one.lines)]


def _line(one: Line) -> str:
    period = BY_PURPOSE[one.purpose]
    head = f"{one.purpose.value}  {period.name}（{period.lasts}）"
    counted = f"held {one.looked_at}  erased {one.erased}  next {one.coming}"
    return f"{head}  {counted}  {why(one.kept)}".rstrip()


def _day(at: datetime | None) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d}" if at else "–"
