"""Staff in a chat move requests to other levels and subjects, and work on applications."""

from __future__ import annotations

from datetime import date, timedelta

from handlers import frames
from handlers.desk import Case
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.identity import listed
from handlers.texts import say
from handlers.tickets import joint, loans
from handlers.tickets.applying import (
    AcceptApplication,
    Applicant,
    DecideApplication,
    NotePapers,
)
from handlers.tickets.joint import JoinOffices, OfficeDone
from handlers.tickets.moving import MoveTicket
from handlers.tickets.words import Accept, Decide, Join, Move, PapersCame, PartDone, Wish, wish_of
from handlers.tokens import receipt
from outreach import clocks, routing
from outreach.calendars import CHINA
from records.applications import WORKING_DAYS, Application, Outcome
from records.messages import Inbound
from records.people import Profile
from records.staff_accounts import Staff
from records.tickets import TicketState

_LONGEST_AGO = timedelta(days=92)


class StaffTickets:
    """转, 会办, 受理, 补齐, 结论 of bound staff."""

    name = "staff_tickets"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        staff = scene.counter.staff
        return staff is not None and staff.sees_requests and _wish(message, scene) is not None

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish, staff = _wish(message, scene), scene.counter.staff
        assert staff is not None
        here = frames.leave(state)
        if isinstance(wish, Accept):
            return _accepted(wish, here, scene, staff)
        assert wish is not None
        case = scene.counter.shown.get(wish.number)
        if case is None:
            return _told(say("desk.unknown", number=wish.number), here)
        if isinstance(wish, Move):
            return _moved(wish, case, here, scene, staff)
        if isinstance(wish, Join):
            return _joined(wish, case, here, staff)
        if isinstance(wish, PartDone):
            return _part_done(wish, case, here, staff)
        held = case.application
        if held is None:
            return _told(say("apply.not_one", number=case.number), here)
        if isinstance(wish, PapersCame):
            return _papers_came(case, held, here, scene, staff)
        return _decided(wish, case, held, here, staff)


def _wish(message: Inbound, scene: Scene) -> Wish | None:
    return wish_of(message.extra.get(TYPED) or message.text, _today(scene))


def _today(scene: Scene) -> date:
    return scene.now.astimezone(CHINA).date()


def _moved(wish: Move, case: Case, state: State, scene: Scene, staff: Staff) -> Turn:
    number = case.number
    if case.state is TicketState.CLOSED:
        return _told(say("desk.closed", number=number), state)
    if wish.level is None and wish.matter is None:
        matters = "、".join(one.name for one in routing.matters().values())
        return _told(say("move.how", number=number, matters=matters), state)
    matter = wish.matter or routing.matter_of(case.matter)
    asked = wish.level or matter.level
    new = scene.requests.landings.get(asked, asked)
    if new is case.level and matter.code == case.matter:
        text = say("move.same", number=number, level=routing.spoken(new))
        if asked is not new:
            text = say("move.nobody", asked=routing.spoken(asked)) + text
        return _told(text, state)
    effect = MoveTicket(number, case.level, new, matter.code, staff.name, wish.why)
    level = routing.spoken(new)
    if new is case.level:
        text = say("move.relabelled", number=number, level=level, matter=matter.name)
    else:
        text = say("move.done", number=number, level=level, matter=matter.name)
    if asked is not new:
        text = say("move.nobody", asked=routing.spoken(asked)) + text
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _joined(wish: Join, case: Case, state: State, staff: Staff) -> Turn:
    if case.state is TicketState.CLOSED:
        return _told(say("desk.closed", number=case.number), state)
    known = joint.parts(case.steps)
    new = tuple(office for office in wish.offices if office not in known)
    if not new:
        return _told(say("joint.same", number=case.number, how=joint.spoken(known)), state)
    text = say("joint.asked", number=case.number, offices="、".join(new), office=new[0])
    effect = JoinOffices(case.number, new, staff.name)
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _part_done(wish: PartDone, case: Case, state: State, staff: Staff) -> Turn:
    if case.state is TicketState.CLOSED:
        return _told(say("desk.closed", number=case.number), state)
    known = joint.parts(case.steps)
    if wish.office not in known:
        text = say("joint.unknown", office=wish.office, offices="、".join(known) or "—")
        return _told(text, state)
    left = [office for office, done in known.items() if not done and office != wish.office]
    number, office = case.number, wish.office
    if left:
        text = say("joint.some_left", number=number, office=office, left="、".join(left))
    else:
        text = say("joint.all_done", number=number, office=office)
    effect = OfficeDone(case.number, wish.office, wish.note, staff.name)
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _accepted(wish: Accept, state: State, scene: Scene, staff: Staff) -> Turn:
    if wish.is_by_phone:
        found, what = _named(wish, scene)
        if len(found) != 1:
            return _told(_not_one(wish, found), state)
        applicant, request = Applicant(found[0].account, found[0].id, found[0].area), ""
    else:
        case, what = scene.counter.shown.get(wish.who), wish.what
        if case is None:
            return _told(say("desk.unknown", number=wish.who), state)
        if case.is_gone:
            return _told(say("desk.gone", number=wish.who), state)
        account = scene.requests.accounts.get(case.number, "")
        applicant = Applicant(account, case.person_id, case.area)
        request = "" if case.application else case.number
    if not what:
        return _told(say("apply.how", who=wish.who), state)
    if wish.is_unclear:
        return _told(say("apply.until"), state)
    handed_in = wish.handed_in or _today(scene)
    if not _today(scene) - _LONGEST_AGO <= handed_in <= _today(scene):
        return _told(say("apply.too_old"), state)
    effect = AcceptApplication(
        receipt(scene.token, "application"),
        what,
        applicant,
        handed_in,
        staff.name,
        wish.papers,
        wish.papers_until,
        request,
    )
    begun = scene.now - (_today(scene) - handed_in)
    until = clocks.clock(begun, WORKING_DAYS).promise
    text = say("apply.accepted", number=effect.number, until=until)
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _named(wish: Accept, scene: Scene) -> tuple[tuple[Profile, ...], str]:
    """Of those with the phone the one whose name begins what was written, and the rest of it."""
    found = scene.requests.people
    name, _, rest = wish.what.partition(" ")
    called = tuple(one for one in found if rest and one.nickname == name)
    return (called, rest.strip()) if called else (found, wish.what)


def _not_one(wish: Accept, found: tuple[Profile, ...]) -> str:
    if not found:
        return say("apply.no_person")
    names = "、".join(one.label for one in listed(found))
    return say("apply.several", names=names, phone=wish.who, name=listed(found)[0].label)


def _papers_came(case: Case, held: Application, state: State, scene: Scene, staff: Staff) -> Turn:
    if not held.lacks_papers or held.outcome is not None:
        return _told(say("apply.papers_none", number=case.number), state)
    text = say("apply.papers_came", number=case.number, until=case.clock.shown(scene.now))
    effect = NotePapers(case.number, staff.name)
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _decided(wish: Decide, case: Case, held: Application, state: State, staff: Staff) -> Turn:
    if held.outcome is not None:
        return _told(say("apply.already", number=case.number), state)
    if wish.outcome is None:
        return _told(say("apply.outcome", number=case.number), state)
    if wish.outcome is Outcome.REFUSED and not wish.why:
        return _told(say("apply.reason", number=case.number), state)
    if wish.lent is not None and case.matter != loans.MONEY:
        return _told(say("loan.not_one", number=case.number), state)
    if wish.lent is not None and not 1 <= wish.lent <= loans.MOST:
        return _told(say("loan.how", number=case.number), state)
    effect = DecideApplication(case.number, wish.outcome, staff.name, wish.why, wish.lent)
    text = say("apply.decided", number=case.number)
    if wish.lent is not None:
        text += say("loan.noted", yuan=f"{wish.lent:,}")
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _told(text: str, state: State) -> Turn:
    return Turn((Reply(text, kind="notice"),), state)
