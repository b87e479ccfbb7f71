"""`guiyan projects`: the library as staff keep it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.cli import BAD_USE, OK, CommandError
from bot.commands.editors_desk import write
from bot.commands.library_desk import Desk, done
from bot.settings import Settings
from knowledge import villages
from matching.codes import Category
from matching.words import label, yuan
from outreach.projects import keeping, reverse
from outreach.projects.keeping import Form
from records import projects, sites
from records.database import Session
from records.projects import ProjectRow, ProjectState, Provenance
from registry.editing import EditRefused, edited
from registry.offers import offer_of

_MARKS = range(3)


def list_projects(options: argparse.Namespace, settings: Settings) -> int:
    """The projects, a line each."""

    def work(session: Session, desk: Desk) -> Iterator[str]:
        states = (ProjectState(options.state),) if options.state else ()
        rows = projects.within(session, states=states)
        inside = desk.within({row.county for row in rows})
        for row in rows:
            if inside is None or row.county in inside:
                yield _line(row, desk)

    return done(options, settings, work)


def show(options: argparse.Namespace, settings: Settings) -> int:
    """One project, with its reviews and all that was done to it."""
    return done(options, settings, _whole)


def review(options: argparse.Namespace, settings: Settings) -> int:
    """An expert's form; or its questions."""
    if options.form:
        write(f"{name}  {text}（0没有，1一部分，2是）" for name, text in keeping.QUESTIONS.items())
        return OK
    form = Form(_marks(options.marks), options.note, options.back)

    def work(session: Session, desk: Desk) -> Iterator[str]:
        number = options.number
        passed = keeping.review(session, number, form, by=desk.staff, now=desk.now)
        yield f"{number}号{'审过了，可以发布' if passed else '退回，还是草稿'}。"

    return done(options, settings, work)


def publish(options: argparse.Namespace, settings: Settings) -> int:
    """Show it to people."""

    def work(session: Session, desk: Desk) -> Iterator[str]:
        keeping.publish(session, options.number, by=desk.staff, now=desk.now)
        row = keeping.get(session, options.number)
        yield f"{row.number}号发布了，{keeping.last_day(row)}前要再核实。"

    return done(options, settings, work)


def verify(options: argparse.Namespace, settings: Settings) -> int:
    """It still holds."""
    until = _day(options.until) if options.until else None

    def work(session: Session, desk: Desk) -> Iterator[str]:
        keeping.verify(session, options.number, by=desk.staff, now=desk.now, until=until)
        yield f"{options.number}号核实了。"

    return done(options, settings, work)


def pause(options: argparse.Namespace, settings: Settings) -> int:
    """Not for the time being."""

    def work(session: Session, desk: Desk) -> Iterator[str]:
        keeping.pause(session, options.number, by=desk.staff, now=desk.now, note=options.note)
        yield f"{options.number}号停了，不再给人看。"

    return done(options, settings, work)


def close(options: argparse.Namespace, settings: Settings) -> int:
    """Over."""

    def work(session: Session, desk: Desk) -> Iterator[str]:
        keeping.close(session, options.number, by=desk.staff, now=desk.now, note=options.note)
        yield f"{options.number}号结束了。"

    return done(options, settings, work)


def edit(options: argparse.Namespace, settings: Settings) -> int:
    """Change columns as a list names them (本钱=3万—5万)."""

    def work(session: Session, desk: Desk) -> Iterator[str]:
        row = keeping.get(session, options.number)
        try:
            values = edited(row, options.values, desk.places, desk.now)
        except EditRefused as refusal:
            raise CommandError(str(refusal), BAD_USE) from refusal
        keeping.edit(session, row.number, values, by=desk.staff, now=desk.now)
        yield f"{row.number}号改了，是第{row.version}版草稿，要再审。"

    return done(options, settings, work)


def interested(options: argparse.Namespace, settings: Settings) -> int:
    """Who wants to know more; names and phones only where both agreed."""

    def work(session: Session, desk: Desk) -> Iterator[str]:
        row = keeping.get(session, options.number)
        for one in reverse.interested(session, desk.vault, [row.number], desk.now):
            yield f"{one.at:%Y-%m-%d}  {one.name}  {one.phone or one.standing}"

    return done(options, settings, work)


def limit(options: argparse.Namespace, settings: Settings) -> int:
    """What staff think of a line in a place."""
    if options.line not in set(Category) or options.most < 0:
        raise CommandError(f"a line is one of {', '.join(Category)}, and 0 or more", BAD_USE)

    def work(session: Session, desk: Desk) -> Iterator[str]:
        place = _place(options.place, desk)
        sites.rule(
            session,
            place,
            options.line,
            most=options.most,
            note=options.note,
            by=desk.staff,
            at=desk.now,
        )
        yield f"{options.place}的{label('lines', options.line)}：{options.most or '不让干'}。"

    return done(options, settings, work)


def _place(named: str, desk: Desk) -> str:
    """A county by name or code, or a town behind its county (湘乡市泉塘镇)."""
    area = desk.places.resolve(named)
    if area is not None:
        return area.code
    for mention in desk.places.mentions(named, strict=False):
        found = villages.county(mention.area.code).dwelling(named[mention.end :])
        if found.town and not found.rest:
            return found.town
    raise CommandError(f"no county or town is called {named}: 湘乡市, or 湘乡市泉塘镇", BAD_USE)


def _line(row: ProjectRow, desk: Desk) -> str:
    mark = "演示 " if row.provenance == Provenance.DEMO.value else ""
    verified = f"{row.verified_on}核实" if row.verified_on else "没核实"
    return (
        f"{row.number}  {mark}{row.title}  {desk.place(row.county)}  "
        f"{label('lines', row.category)}  {row.state}  {row.source_dept}  {verified}"
    )


def _whole(session: Session, desk: Desk) -> Iterator[str]:
    row = keeping.get(session, desk.options.number)
    yield _line(row, desk)
    offer = offer_of(row)
    most = f"–{yuan(offer.max_capital_yuan)}" if offer.max_capital_yuan else "起"
    yield f"本钱 {yuan(offer.min_capital_yuan)}{most}，名额 {row.slots}，到 {row.expires_on}"
    yield from (f"{name}  {_said(value)}" for name, value in offer.terms.items() if value)
    for one in projects.reviews(session, row.number):
        marks = " ".join(f"{name}={mark}" for name, mark in one.marks.items())
        form = f"{one.reviewer} {one.verdict} {marks} {one.note}"
        yield f"审 {one.at:%Y-%m-%d} 第{one.version}版 {form}"
    for act in projects.changes(session, row.number):
        yield f"{act.at:%Y-%m-%d %H:%M} 第{act.version}版 {act.act} {act.by} {act.note}"


def _said(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _marks(text: str) -> dict[str, int]:
    """is_real=2,money=1 as values."""
    marks = {}
    for part in filter(None, text.split(",")):
        name, _, mark = part.partition("=")
        if not mark.isdecimal() or int(mark) not in _MARKS:
            raise CommandError(f"--marks takes name=0, 1 or 2, not {part!r}", BAD_USE)
        marks[name.strip()] = int(mark)
    return marks


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise CommandError(f"--until takes a day as 2027-06-30, not {text!r}", BAD_USE) from fault
