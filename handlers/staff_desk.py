"""The desk in a chat: staff see, take, answer and close requests in plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers import commands, frames
from handlers.commands import Command
from handlers.desk import CODE, Act, Case, Clerk, Work
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import BindStaff
from handlers.human_help import TYPED
from handlers.reaching import channel_of
from handlers.staff_pages import hello, helper_of, how_to, page_of, servicer_of, waiting
from handlers.texts import say
from handlers.tickets import joint
from handlers.welcome import Welcome
from outreach.alerts import act_options
from records.messages import Inbound, InboundKind, Option
from records.send_budgets import Reach
from records.staff_accounts import Staff
from records.tickets import TicketState

REPLY = "reply"
_WECOM_APP = "wecom_app"  # where a stranger is likely to be one of the staff
_WAITS = timedelta(minutes=15)  # for the words of an answer: later ones are no answer
_CANCEL = frozenset({Command.BACK, Command.END})
_ACTS = {
    **dict.fromkeys(("看", "查看"), Act.READ),
    **dict.fromkeys(("接", "接手"), Act.TAKE),
    **dict.fromkeys(("换", "换人"), Act.TAKE_OVER),
    **dict.fromkeys(("回", "回复"), Act.REPLY),
    **dict.fromkeys(("完", "完成", "办完", "办结"), Act.CLOSE),
}
_LIST = re.compile(r"(?:看)?(?:(?:待办|全部待办|所有待办)(?:事项)?)\s*(全部|所有)?\s*(\d{1,2})?")
_BETWEEN = r"[\s:：,，]*+"  # possessive: many blanks must not be tried in every way
# Also one that was mistyped; a short one has a letter, since «看3号» is a dossier.
_NUMBER = r"(?:[0-9A-Za-z]{4,8}|(?=\d?[A-Za-z])[0-9A-Za-z]{1,3})(?![0-9A-Za-z])"
_ACT = re.compile(
    rf"({'|'.join(sorted(_ACTS, key=len, reverse=True))}){_BETWEEN}(?:编号)?{_BETWEEN}"
    rf"({_NUMBER})(?:{_BETWEEN}(.*))?",
    re.DOTALL,
)
_BARE = re.compile(rf"({'|'.join(sorted(_ACTS, key=len, reverse=True))})")
_BIND = re.compile(rf"(?:绑定码?)?{_BETWEEN}({CODE.pattern})")


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is wanted of the desk: the list (no act), or something with a ticket."""

    act: Act | None
    number: str = ""
    text: str = ""
    page: int = 1
    is_all: bool = False  # also what waits for colleagues


class StaffDesk:
    """待办, 看, 接, 回, 完 of bound staff, and the code that binds an account."""

    name = "staff_desk"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if _BIND.fullmatch(message.text.strip()):
            return True
        is_start = message.kind is InboundKind.START
        if scene.counter.staff is None:
            if message.channel != _WECOM_APP:
                return False
            is_asked = is_start and not state.memory.get("told_to_bind")
            return is_asked or _wish(_typed(message)) is not None
        is_help = commands.of(message.text) is Command.HELP
        return is_start or is_help or _is_writing(state, scene) or _is_for_desk(message)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        staff = scene.counter.staff
        if found := _BIND.fullmatch(message.text.strip()):
            return _bound(found[1].upper(), state, scene)
        if staff is None:
            return _stranger(message, state, scene)
        wish = _wish(_typed(message))
        if message.kind is InboundKind.START:
            return Turn((hello(staff, scene.counter.cases),), _left(state))
        if not staff.sees_requests or commands.of(message.text) is Command.HELP:
            return Turn((how_to(staff),), _left(state))
        if wish is None:
            return _written(message, state, scene, staff)
        if wish.act is None:
            reply = waiting(scene.counter, wish.page, scene.now, is_all=wish.is_all)
            return Turn((reply,), _left(state))
        return _acted(wish, wish.act, _left(state), scene, staff)


def _typed(message: Inbound) -> str:
    """As it was typed: what goes to somebody else is not folded."""
    return (message.extra.get(TYPED) or message.text).strip()


def _wish(text: str) -> _Wish | None:
    if found := _LIST.fullmatch(text):
        is_all = bool(found[1]) or "部待办" in text or "有待办" in text
        return _Wish(None, page=max(1, int(found[2] or 1)), is_all=is_all)
    found = _ACT.fullmatch(text)
    if found is None:
        return None
    return _Wish(_ACTS[found[1]], found[2].upper(), (found[3] or "").strip())


def _is_for_desk(message: Inbound) -> bool:
    text = _typed(message)
    return _wish(text) is not None or bool(_BARE.fullmatch(text))


def _is_writing(state: State, scene: Scene) -> bool:
    until = state.data.get("until")
    is_open = state.flow == StaffDesk.name and state.step == REPLY and until is not None
    return is_open and scene.now < datetime.fromisoformat(str(until))


def _left(state: State) -> State:
    return frames.leave(state) if state.flow == StaffDesk.name else state


def _stranger(message: Inbound, state: State, scene: Scene) -> Turn:
    """Somebody whom we do not know: a person like any other, and told how to be bound."""
    hint = Reply(say("desk.bind"), kind="notice")
    if message.kind is not InboundKind.START:
        return Turn((hint,), state)
    turn = Welcome().advance(message, state.remember(told_to_bind=True), scene)
    return Turn((hint, *turn.replies), turn.state, turn.effects)


def _bound(code: str, state: State, scene: Scene) -> Turn:
    offer, staff = scene.counter.codes.get(code), scene.counter.staff
    if offer is None or offer.expires_at <= scene.now:
        return Turn((Reply(say("desk.bad_code"), kind="notice"),), state)
    if staff is not None and staff.name != offer.staff.name:
        reply = Reply(say("desk.bound_already", name=staff.name), kind="notice")
        return Turn((reply,), state)
    reply = Reply(say("desk.bound", name=offer.staff.name), kind="notice")
    return Turn((reply,), state, (BindStaff(code),))


def _acted(wish: _Wish, act: Act, state: State, scene: Scene, staff: Staff) -> Turn:
    case = scene.counter.shown.get(wish.number)
    if case is None:
        return _told(say("desk.unknown", number=wish.number), state)
    if act is Act.READ:
        work = Work(Act.READ, case, _clerk(staff))
        return Turn((page_of(case, scene.now),), state, (work,))
    if case.state is TicketState.CLOSED:
        return _told(say("desk.closed", number=case.number), state)
    if case.is_gone and act is not Act.CLOSE:
        return _told(say("desk.gone", number=case.number), state)
    if act in (Act.TAKE, Act.TAKE_OVER):
        return _taken(case, act, state, staff)
    if act is Act.REPLY and case.servicer:
        return _told(say("desk.elsewhere", name=servicer_of(case)), state)
    if act is Act.CLOSE and case.application and case.application.outcome is None:
        return _told(say("apply.decide_first", number=case.number), state)
    if act is Act.CLOSE:
        text = _ended(case) + joint.still_open(case.steps)
        return _told(text, state, Work(Act.CLOSE, case, _clerk(staff)))
    if case.way.reach is Reach.NOT_AT_ALL:
        return _told(say("desk.unreachable", number=case.number), state)
    if not wish.text:
        return _asked_to_write(case, state, scene)
    return _answered(case, wish.text, state, staff)


def _taken(case: Case, act: Act, state: State, staff: Staff) -> Turn:
    if case.state is TicketState.TAKEN and case.taken_by == staff.name:
        return _told(say("desk.has_already", number=case.number), state)
    if case.state is TicketState.TAKEN and act is Act.TAKE:
        return _told(say("desk.other_has", number=case.number, name=helper_of(case)), state)
    work = Work(act, case, _clerk(staff))
    text = say("desk.took", number=case.number)
    options = act_options(case.number, is_taken=True)
    return Turn((Reply(text, options, "notice"),), state, (work,))


def _asked_to_write(case: Case, state: State, scene: Scene) -> Turn:
    until = (scene.now + _WAITS).isoformat()
    writing = frames.enter(state, StaffDesk.name, REPLY, number=case.number, until=until)
    cancel = say("desk.cancel")
    reply = Reply(say("desk.write", number=case.number), (Option(cancel, cancel),), "notice")
    return Turn((reply,), writing)


def _written(message: Inbound, state: State, scene: Scene, staff: Staff) -> Turn:
    """The words of an answer, after 回; or a bare word that lacks its number."""
    text = _typed(message)
    if not _is_writing(state, scene):
        return _told(say("desk.how", act=text), state)
    if text == say("desk.cancel") or commands.of(message.text) in _CANCEL:
        return _told(say("desk.cancelled"), _left(state))
    if message.kind is not InboundKind.TEXT or not text:
        return _told(say("desk.no_text"), state)
    wish = _Wish(Act.REPLY, str(state.data["number"]), text)
    return _acted(wish, Act.REPLY, _left(state), scene, staff)


def _answered(case: Case, text: str, state: State, staff: Staff) -> Turn:
    work = Work(Act.REPLY, case, _clerk(staff), text)
    reply = Reply(_sent(case), act_options(case.number, is_taken=True), "notice")
    return Turn((reply,), state, (work,))


def _sent(case: Case) -> str:
    """What becomes of an answer, as it is."""
    if case.way.reach is Reach.WHEN_THEY_WRITE:
        return say("desk.kept", number=case.number)
    if case.way.reach is Reach.OTHER_CHANNEL:
        return say("desk.sent_by", channel=channel_of(case.way), number=case.number)
    return say("desk.sent", number=case.number)


def _ended(case: Case) -> str:
    if case.way.reach is Reach.NOT_AT_ALL:
        return say("desk.done_untold", number=case.number)
    if case.way.reach is Reach.WHEN_THEY_WRITE:
        return say("desk.done_kept", number=case.number)
    return say("desk.done", number=case.number)


def _told(text: str, state: State, *effects: Work) -> Turn:
    return Turn((Reply(text, kind="notice"),), state, effects)


def _clerk(staff: Staff) -> Clerk:
    return Clerk(staff.name, say("desk.signed", name=staff.name))
