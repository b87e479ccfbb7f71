"""Applications: accepted with their clock, papers that follow, the decision, the money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.texts import say
from handlers.tickets import loans
from handlers.tickets.moving import tell_staff
from handlers.tickets.rating import ask_for_rating
from outreach import clocks, ticket_news
from outreach.alerts import Why
from outreach.calendars import CHINA, spoken_day
from outreach.working_days import NotAnnounced, between
from records import account_links, applications, audit, reminders, ticket_steps, tickets
from records.applications import WORKING_DAYS, Application, Outcome
from records.conversations import Overtaken
from records.database import Session
from records.messages import Option
from records.reminders import Kind, Reminder
from records.ticket_steps import Step, StepKind
from records.tickets import NewTicket, Ticket, TicketKind
from records.vault import Vault

MOST_ASKED = 3
_ASK_AFTER, _ASK_UNTIL = timedelta(days=15), timedelta(days=10)
_MORNING = time(9, 0)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whose application it is: the chat where they are told, "" for none, and their record."""

    conversation: str
    person_id: str
    area: str


@dataclass(frozen=True, slots=True)
class AcceptApplication:
    """Staff take in an application."""

    number: str
    what: str
    applicant: Applicant
    handed_in: date
    by: str
    papers: str = ""
    papers_until: date | None = None
    request: str = ""  # the one that it comes from


@dataclass(frozen=True, slots=True)
class NotePapers:
    """What was to follow is there."""

    number: str
    by: str


@dataclass(frozen=True, slots=True)
class DecideApplication:
    """The office has decided; a refusal has a reason (domain P-15)."""

    number: str
    outcome: Outcome
    by: str
    why: str = ""
    lent: int | None = None  # yuan


@dataclass(frozen=True, slots=True)
class NotePaid:
    """The person says whether the money has come."""

    number: str
    has_come: bool


def accept(session: Session, vault: Vault, wish: AcceptApplication, now: datetime) -> None:
    """The clock runs from the day on which it was handed in, also while papers follow (容缺)."""
    today = now.astimezone(CHINA).date()
    begun = now if wish.handed_in == today else datetime.combine(wish.handed_in, _MORNING, CHINA)
    whose = wish.applicant
    new = NewTicket(
        number=wish.number,
        kind=TicketKind.APPLICATION,
        subject=wish.what,
        area=whose.area,
        person_id=whose.person_id,
        working_days=WORKING_DAYS,
        matter=loans.matter_of(session, wish.what, wish.request),
        starts_at=begun,
    )
    channel, _, chat = whose.conversation.partition(":")
    tickets.raise_ticket(session, vault, new, channel=channel, chat=chat, at=now)
    tickets.take(session, wish.number, staff=wish.by, at=now)
    held = Application(
        wish.number,
        begun,
        whose.person_id,
        whose.area,
        wish.papers,
        wish.papers_until,
        request=wish.request,
    )
    applications.submit(session, vault, held)
    loans.hand_on(session, vault, wish.request, StepKind.ACCEPTED, wish.number, wish.by, now)
    _trail(session, "application.accepted", wish.number, wish.by, now)
    row = session.get_one(Ticket, wish.number)
    until = clocks.of(row).promise
    text = say("ticket.accepted", what=wish.what, number=wish.number, until=until)
    if wish.papers and wish.papers_until:
        day = spoken_day(wish.papers_until)
        text = f"{text}\n{say('ticket.papers', papers=wish.papers, day=day)}"
        _remind_of_papers(session, vault, row, held, now)
    ticket_news.tell(session, vault, row, text, key="accepted", now=now)


def note_papers(session: Session, vault: Vault, wish: NotePapers, now: datetime) -> None:
    """Nothing is lacking any more."""
    applications.papers_came(session, wish.number, now)
    reminders.cancel(session, f"papers/{wish.number}", now)
    _trail(session, "application.papers", wish.number, wish.by, now)
    row = session.get_one(Ticket, wish.number)
    text = say("ticket.papers_came", number=wish.number, until=clocks.of(row).shown(now))
    ticket_news.tell(session, vault, row, text, key="papers", now=now)


def decide(session: Session, vault: Vault, wish: DecideApplication, now: datetime) -> None:
    """The person is told with the reason; whether the money came is asked later."""
    row = tickets.find(session, wish.number)
    held = applications.found(session, vault, [wish.number]).get(wish.number)
    if row is None or held is None or held.outcome is not None:
        raise Overtaken
    applications.decide(session, wish.number, wish.outcome, now)
    if wish.lent is not None:
        applications.lend(session, vault, wish.number, wish.lent)
    step = Step(StepKind.DECIDED, row.level, now, row.matter, wish.by, wish.why)
    ticket_steps.note(session, vault, wish.number, step)
    loans.hand_on(session, vault, held.request, StepKind.DECIDED, _ended(wish), wish.by, now)
    tickets.close(session, wish.number, at=now)
    reminders.cancel(session, f"papers/{wish.number}", now)
    _trail(session, "application.decided", wish.number, wish.by, now)
    what = str(vault.open(row.subject))
    if wish.outcome is Outcome.REFUSED:
        text = say("ticket.refused", what=what, number=row.number, why=wish.why)
    else:
        text = say("ticket.granted", what=what, number=row.number, took=_took(held, now))
        ask_whether_paid(session, vault, row, held, now)
    ticket_news.tell(session, vault, row, text, key="decided", now=now)
    ask_for_rating(session, vault, row, row.conversation, now)


def _ended(wish: DecideApplication) -> str:
    if wish.outcome is Outcome.GRANTED:
        return say("loan.granted", number=wish.number)
    return say("loan.refused", number=wish.number)


def note_paid(session: Session, vault: Vault, wish: NotePaid, account: str, now: datetime) -> None:
    """The day on which they say so is the day that counts (domain 1.8, 到账用时)."""
    held = applications.found(session, vault, [wish.number]).get(wish.number)
    row = tickets.find(session, wish.number)
    mine = {account, *account_links.connected(session, account)}
    if held is None or row is None or held.paid_on is not None or row.conversation not in mine:
        return
    if wish.has_come:
        applications.paid(session, wish.number, now.astimezone(CHINA).date())
        reminders.cancel(session, f"paid/{wish.number}", now)
    else:
        tell_staff(session, vault, row, Why.UNPAID, now)
        ask_whether_paid(session, vault, row, held, now)


def ask_whether_paid(
    session: Session, vault: Vault, row: Ticket, held: Application, now: datetime
) -> None:
    """One question, some weeks after the decision; again while the money has not come."""
    if not row.conversation or held.asked >= MOST_ASKED:
        return
    applications.asked(session, row.number, held.asked + 1)
    due = now + _ASK_AFTER
    text = say("ticket.is_paid", number=row.number)
    words = (say("ticket.has_come"), say("ticket.not_come"))
    options = tuple(Option(f"{n} {w}", f"到账 {row.number} {n}") for n, w in enumerate(words, 1))
    whom = reminders.to_account(row.conversation)
    key = f"paid/{row.number}/{held.asked + 1}"
    asked = Reminder(key, whom, Kind.SURVEY, due, due + _ASK_UNTIL, text, options)
    reminders.plan(session, vault, asked, now)


def _remind_of_papers(
    session: Session, vault: Vault, row: Ticket, held: Application, now: datetime
) -> None:
    """The day before they must be there, if that is still to come."""
    if not row.conversation or held.papers_until is None:
        return
    due = datetime.combine(held.papers_until - timedelta(days=1), _MORNING, CHINA)
    if due <= now:
        return
    text = say("ticket.bring", papers=held.papers, number=row.number)
    whom = reminders.to_account(row.conversation)
    until = due + timedelta(days=2)
    bring = Reminder(f"papers/{row.number}", whom, Kind.DEADLINE, due, until, text)
    reminders.plan(session, vault, bring, now)


def _took(held: Application, now: datetime) -> str:
    try:
        return say("ticket.took", days=between(held.submitted_at, now))
    except NotAnnounced:
        return ""


def _trail(session: Session, act: str, number: str, by: str, now: datetime) -> None:
    audit.write(session, act, at=now, actor=f"staff:{by}"[:60], subject=number)
