"""What staff read at the desk in a chat: the list of requests, one request, how it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers import places
from handlers.desk import Case
from handlers.dialogue import Reply
from handlers.reaching import channel_of
from handlers.texts import say
from outreach.alerts import act_options, look_option, word_of
from outreach.calendars import CHINA
from records.messages import Option
from records.send_budgets import Reach
from records.staff_accounts import Staff
from records.tickets import Author, TicketState

_PAGE, _BUTTONS = 10, 5
_LINES = 12


def hello(staff: Staff, cases: Sequence[Case]) -> Reply:
    """What somebody of the staff reads who opens the app."""
    if not staff.role.sees_requests:
        return Reply(say("desk.hello_other", name=staff.name), kind="notice")
    text = say("desk.hello", name=staff.name, count=len(cases))
    words = (say("desk.list"), say("option.home"))
    return Reply(text, tuple(Option(word, word) for word in words), "notice")


def how_to(staff: Staff) -> Reply:
    """The words that they may write."""
    text = say("desk.help") if staff.role.sees_requests else say("desk.help_other")
    return Reply(text, kind="notice")


def waiting(cases: Sequence[Case], page: int, now: datetime) -> Reply:
    """A page of what waits; nothing in it was said by the person."""
    shown = cases[(page - 1) * _PAGE :][:_PAGE]
    if not shown:
        return Reply(say("desk.none"), kind="notice")
    lines = [_line(case, now) for case in shown]
    options = [
        Option(f"{(look := look_option(case.number)).label} {case.number}", look.value)
        for case in shown[:_BUTTONS]
    ]
    left = len(cases) - (page - 1) * _PAGE - len(shown)
    if left > 0:
        lines.append(say("desk.others", count=left, page=page + 1))
        next_page = say("desk.page", page=page + 1)
        options.append(Option(next_page, next_page))
    return Reply("\n".join(lines), tuple(options), "notice")


def _line(case: Case, now: datetime) -> str:
    return say(
        "desk.line",
        flag="！" if case.is_flagged else "",
        number=case.number,
        what=word_of(case.kind),
        place=_place(case),
        age=_age(now - case.opened_at),
        taken=_helped(case),
    )


def page_of(case: Case, now: datetime) -> Reply:
    """One request with the end of its talk."""
    head = say(
        "desk.head",
        flag="！" if case.is_flagged else "",
        number=case.number,
        what=word_of(case.kind),
        place=_place(case),
        age=_age(now - case.opened_at),
        days=case.working_days,
        taken=_helped(case),
    )
    about = [say("desk.subject", text=case.subject)] if case.subject else []
    who = {
        Author.PERSON: say("desk.person"),
        Author.STAFF: say("desk.staff"),
        Author.BOT: say("desk.bot"),
    }
    talk = [
        say("desk.said", at=_moment(line.at), who=who[line.author], text=line.text)
        for line in case.lines[-_LINES:]
    ]
    text = "\n".join((head, *about, *talk, *_where(case)))
    if case.state is TicketState.CLOSED:
        return Reply(text, kind="staff", about=case.number)
    options = act_options(case.number, is_taken=case.state is TicketState.TAKEN)
    return Reply(text, options, "staff", about=case.number)


def _place(case: Case) -> str:
    return places.named(case.area) or say("desk.nowhere")


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
