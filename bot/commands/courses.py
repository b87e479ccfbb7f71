"""`guiyan courses`: what there is, who takes part, what came of it, what people want to learn."""

from __future__ import annotations

import argparse
from datetime import date

from bot.commands.in_store import Lines, printed
from bot.settings import Settings
from bot.wiring import App
from outreach.courses import attending, booking
from outreach.courses.booking import today_of
from records import courses
from records.courses import Course
from records.database import Session


def list_courses(options: argparse.Namespace, settings: Settings) -> int:
    """The courses of an area that are not over, or all of them."""

    def work(session: Session, app: App, area: str) -> Lines:
        since = date.min if options.all else today_of(app.now())
        return [_line(course) for course in courses.of_staff(session, area, since)]

    return printed(options, settings, work)


def cancel(options: argparse.Namespace, settings: Settings) -> int:
    """A course does not take place; who signed up is told."""

    def work(session: Session, app: App, area: str) -> Lines:
        told = booking.cancel(session, app.vault, options.number, app.now())
        return [f"called off; {told} people are told"]

    return printed(options, settings, work)


def demand(options: argparse.Namespace, settings: Settings) -> int:
    """For each topic, how many people asked for it and how many signed up."""

    def work(session: Session, app: App, area: str) -> Lines:
        found = courses.demand(session, area)
        return [
            f"{name}  asked {asked}  signed up {signed}" for name, (asked, signed) in found.items()
        ]

    return printed(options, settings, work)


def outcomes(options: argparse.Namespace, settings: Settings) -> int:
    """What came of the courses of a year, of those who answered."""

    def work(session: Session, app: App, area: str) -> Lines:
        year = options.year or today_of(app.now()).year
        rate = attending.rate(session, area, date(year, 1, 1), date(year, 12, 31))
        if rate.at_work is None:
            return [f"came {rate.came}, nobody has answered yet"]
        return [
            f"came {rate.came}, answered n={rate.answered}: runs something {rate.founded}, "
            f"employed {rate.employed}, at work {rate.at_work} % of n"
        ]

    return printed(options, settings, work)


def _line(course: Course) -> str:
    told = course.told
    state = "called off" if course.is_off else f"{course.taken}/{told.seats}"
    waiting = f", {course.waiting} wait" if course.waiting else ""
    days = f"{told.starts_on} to {told.ends_on}"
    return f"{course.number}  {told.title}  {told.topic.value}  {days}  {state}{waiting}"
