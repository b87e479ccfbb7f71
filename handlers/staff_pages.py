"""What staff read at the desk in a chat: the list of requests, one request, how it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers import places
from handlers.desk import Case, Counter
from handlers.dialogue import Reply
from handlers.reaching import channel_of
from handlers.texts import say
from outreach import routing
from outreach.alerts import about, act_options, look_option
from outreach.calendars import CHINA, spoken_day
from records.applications import Outcome
from records.messages import Option
from records.send_budgets import Reach
from records.staff_accounts import Staff, StaffRole
from records.ticket_steps import Step, StepKind
from records.tickets import Author, Level, TicketState

_PAGE, _BUTTONS = 10, 5
_LINES = 12


def hello(staff: Staff, cases: Sequence[Case]) -> Reply:
    """What somebody of the staff reads who opens the app."""
    if staff.role is StaffRole.CADRE:
        return Reply(say("cadre.hello", name=staff.name), kind="notice")
    if not staff.sees_requests:
        return Reply(say("desk.hello_other", name=staff.name), kind="notice")
    text = say("desk.hello", name=staff.name, count=len(cases))
    words = (say("desk.list"), say("option.home"))
    return Reply(text, tuple(Option(word, word) for word in words), "notice")


def how_to(staff: Staff) -> Reply:
    """The words that they may write."""
    if staff.role is StaffRole.CADRE:
        return Reply(say("cadre.help"), kind="notice")
    text = say("desk.help") if staff.sees_requests else say("desk.help_other")
    return Reply(text, kind="notice")


def waiting(counter: Counter, page: int, now: datetime, *, is_all: bool = False) -> Reply:
    """A page of what waits; nothing in it was said by the person."""
    cases = (*counter.cases, *(counter.others if is_all else ()))
    shown = cases[(page - 1) * _PAGE :][:_PAGE]
    elsewhere = [say("desk.elsewhere_too", count=len(counter.others))]
    rest = elsewhere if counter.others and not is_all else []
    if not shown:
        return Reply("\n".join((say("desk.none"), *rest)), kind="notice")
    lines = [_line(case, now) for case in shown]
    options = [
        Option(f"{(look := look_option(case.number)).label} {case.number}", look.value)
        for case in shown[:_BUTTONS]
    ]
    left = len(cases) - (page - 1) * _PAGE - len(shown)
    if left > 0:
        next_page = (
            say("desk.all_page", page=page + 1) if is_all else say("desk.page", page=page + 1)
        )
        lines.append(say("desk.others", count=left, words=next_page))
        options.append(Option(next_page, next_page))
    return Reply("\n".join((*lines, *rest)), tuple(options), "notice")


def _line(case: Case, now: datetime) -> str:
    return say(
        "desk.line",
        flag="！" if case.is_flagged else "",
        number=case.number,
        what=about(case.kind, case.matter),
        place=_place(case),
        until=case.clock.shown(now),
        taken=_helped(case),
    )


def page_of(case: Case, now: datetime) -> Reply:
    """One request with the end of its talk."""
    head = say(
        "desk.head",
        flag="！" if case.is_flagged else "",
        number=case.number,
        what=about(case.kind, case.matter),
        place=_place(case),
        age=_age(now - case.opened_at),
        until=case.clock.shown(now),
        taken=_helped(case),
    )
    told = [say("desk.subject", text=case.subject)] if case.subject else []
    told += progress_of(case)
    who = {
        Author.PERSON: say("desk.person"),
        Author.STAFF: say("desk.staff"),
        Author.BOT: say("desk.bot"),
    }
    talk = [
        say("desk.said", at=_moment(line.at), who=who[line.author], text=line.text)
        for line in case.lines[-_LINES:]
    ]
    text = "\n".join((head, *told, *talk, *_where(case)))
    if case.state is TicketState.CLOSED:
        return Reply(text, kind="staff", about=case.number)
    options = act_options(case.number, is_taken=case.state is TicketState.TAKEN)
    return Reply(text, options, "staff", about=case.number)


def progress_of(case: Case) -> list[str]:
    """What became of it: papers that are to follow, the decision, its way between levels."""
    return [*_application(case), *map(_step, case.steps)]


def _application(case: Case) -> list[str]:
    """Which papers are to follow, and what was decided."""
    held = case.application
    if held is None:
        return []
    lines = []
    if held.papers and held.papers_until:
        day = spoken_day(held.papers_until)
        if held.lacks_papers:
            lines.append(say("desk.lacks", papers=held.papers, day=day))
        else:
            lines.append(say("desk.papers_came", papers=held.papers))
    if held.outcome is Outcome.GRANTED:
        paid = say("desk.paid", day=spoken_day(held.paid_on)) if held.paid_on else ""
        lent = say("loan.lent", yuan=f"{held.lent:,}") if held.lent is not None else ""
        lines.append(say("desk.granted", paid=paid) + lent)
    elif held.outcome is Outcome.REFUSED:
        lines.append(say("desk.refused"))
    return lines


def _step(step: Step) -> str:
    """What became of it on its way; the reason is read by staff alone."""
    level = routing.spoken(Level(step.level))
    at, why = _moment(step.at), f"：{step.why}" if step.why else ""
    match step.kind:
        case StepKind.MOVED:
            matter = routing.matter_of(step.matter).name
            return say("desk.moved", at=at, by=step.by, level=level, matter=matter, why=why)
        case StepKind.ESCALATED:
            return say("desk.escalated", at=at, level=level)
        case StepKind.JOINED:
            return say("joint.step", at=at, by=step.by, office=step.why)
        case StepKind.PART_DONE:
            return say("joint.step_done", at=at, why=step.why)
        case StepKind.CHECKED:
            return say("loan.checked", at=at, found=step.why)
        case StepKind.ACCEPTED:
            return say("loan.accepted", at=at, by=step.by, number=step.why)
        case StepKind.DECIDED:
            return say("desk.decided", at=at, by=step.by, why=why)
        case StepKind.OVERDUE:
            return say("desk.overdue", at=at, level=level)
    return say("desk.reminded", at=at)


def _place(case: Case) -> str:
    place = places.named(case.area) or say("desk.nowhere")
    if case.level is Level.COUNTY:
        return place
    return say("desk.at_level", place=place, level=routing.spoken(case.level))


def _helped(case: Case) -> str:
    return say("desk.taken", name=helper_of(case)) if case.taken_by else ""


def helper_of(case: Case) -> str:
    """Who looks after it; an operator at the machine has no name here."""
    return case.taken_by if case.taken_by != "terminal" else say("desk.somebody")


def servicer_of(case: Case) -> str:
    """Who has the talk on the channel's own side."""
    return case.servicer if case.servicer != "?" else say("desk.somebody")


def _where(case: Case) -> list[str]:
    """Whether the person can be written to from here."""
    if case.servicer:
        return [say("desk.elsewhere", name=servicer_of(case))]
    held = [say("desk.held", count=case.waiting)] if case.waiting else []
    if case.is_gone or case.state is TicketState.CLOSED:
        return held
    match case.way.reach:
        case Reach.WHEN_THEY_WRITE:
            return held or [say("desk.way_later")]
        case Reach.OTHER_CHANNEL:
            return [*held, say("desk.way_other", channel=channel_of(case.way))]
        case Reach.NOT_AT_ALL:
            return [say("desk.way_none")]
    return held


def _age(span: timedelta) -> str:
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return say("desk.minutes", n=minutes)
    if minutes < 48 * 60:
        return say("desk.hours", n=minutes // 60)
    return say("desk.days", n=minutes // (24 * 60))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%m-%d %H:%M}"
