"""`guiyan tasks`: what units are to do by when, the plans of the papers, what is overdue."""

from __future__ import annotations

import argparse
from datetime import date

from bot.cli import BAD_USE, CommandError
from bot.commands.in_store import Lines, printed
from bot.settings import Settings
from bot.wiring import App
from knowledge.plans import Plan, PlanLine, plans
from outreach import unit_tasks as due
from outreach.courses.booking import today_of
from records import staff_accounts, unit_tasks
from records.database import Session
from records.unit_tasks import NewTask, Rhythm

_RHYTHMS = {
    "month": Rhythm.MONTH,
    "two-months": Rhythm.TWO_MONTHS,
    "quarter": Rhythm.QUARTER,
    "half-year": Rhythm.HALF_YEAR,
    "year": Rhythm.YEAR,
}


def list_tasks(options: argparse.Namespace, settings: Settings) -> int:
    """The tasks of an area, or only those that are overdue."""

    def work(session: Session, app: App, area: str) -> Lines:
        today = today_of(app.now())
        found = [due.standing(task, today) for task in unit_tasks.of_area(session, area)]
        return [_line(one) for one in found if one.missed or not options.overdue]

    return printed(options, settings, work)


def show_plan(options: argparse.Namespace, settings: Settings) -> int:
    """The lines of a paper's plan, with units and times as printed."""

    def work(session: Session, app: App, area: str) -> Lines:
        plan = _plan(area)
        lines = [_plan_line(line) for line in plan.lines]
        year = f", {plan.year}" if plan.year else ""
        return [f"{plan.document}{year}", *lines]

    return printed(options, settings, work)


def adopt(options: argparse.Namespace, settings: Settings) -> int:
    """Make tasks of a plan's lines, its days moved to another year; what is one already stays."""

    def work(session: Session, app: App, area: str) -> Lines:
        plan, today = _plan(area), today_of(app.now())
        year = options.year or today.year
        keys = {line.number: f"{area}/{year}/{line.number}" for line in plan.lines}
        known = unit_tasks.known(session, list(keys.values()))
        new = [line for line in plan.lines if keys[line.number] not in known]
        for line in new:
            told = _task(line, plan, year, today, keys[line.number])
            unit_tasks.add(session, told, app.now())
        return [f"{len(new)} tasks added, {len(plan.lines) - len(new)} were there"]

    return printed(options, settings, work)


def add(options: argparse.Namespace, settings: Settings) -> int:
    """A task of one's own."""

    def work(session: Session, app: App, area: str) -> Lines:
        if not area:
            raise CommandError("--area says whose task it is", BAD_USE)
        if options.staff:
            staff_accounts.named(session, options.staff)
        told = NewTask(
            title=options.title.strip()[:80],
            area=area,
            since=today_of(app.now()),
            units=options.units.strip()[:160],
            due_on=options.due,
            rhythm=_RHYTHMS[options.every] if options.every else Rhythm.ONCE,
            staff=options.staff,
        )
        return [f"task {due.add(session, app.vault, told, by='terminal', now=app.now())}"]

    return printed(options, settings, work)


def drop(options: argparse.Namespace, settings: Settings) -> int:
    """Nobody is to do it any more."""

    def work(session: Session, app: App, area: str) -> Lines:
        if unit_tasks.find(session, options.number) is None:
            raise CommandError(f"there is no task {options.number}: `guiyan tasks list`")
        due.drop(session, options.number, by="terminal", now=app.now())
        return []

    return printed(options, settings, work)


def _plan(area: str) -> Plan:
    if area not in plans():
        known = ", ".join(sorted(plans()))
        raise CommandError(f"no plan is kept for this area, only for {known}", BAD_USE)
    return plans()[area]


def _task(line: PlanLine, plan: Plan, year: int, today: date, key: str) -> NewTask:
    moved = line.due_on and _moved(line.due_on, year - plan.year)
    return NewTask(
        title=line.title[:80],
        area=plan.area,
        since=today,
        units=line.units[:160],
        printed=line.printed,
        due_on=moved,
        rhythm=Rhythm(line.every),
        key=key,
    )


def _moved(day: date, years: int) -> date:
    """The same day of another year; the last of February where it has no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, day.month, 28)


def _plan_line(line: PlanLine) -> str:
    when = line.every or (str(line.due_on) if line.due_on else "no day named")
    return f"{line.number}  {line.title}  {line.units}  {line.printed}  {when}"


def _line(one: due.Standing) -> str:
    task = one.task
    state = f"due {one.due}" if one.due else "nothing due"
    missed = f", overdue since {one.missed[0]} ({len(one.missed)}x)" if one.missed else ""
    return f"{task.number}  {task.told.title}  {task.told.rhythm.value}  {state}{missed}"
