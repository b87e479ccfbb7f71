"""All flows in order of precedence, and the turn: who takes a message, what is said in the end."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import frames, hearing, offers, scanned, welcome
from handlers.alarms import Alarms
from handlers.cadre.flow import Cadre
from handlers.cadre.rounds import Rounds
from handlers.cadre.standing import Standing
from handlers.campaigns.flow import CampaignDesk
from handlers.cases.desk import CaseDesk
from handlers.cases.flow import CaseList, Storytellers
from handlers.checklist.flow import Checklist
from handlers.closed_business import ClosedBusiness
from handlers.complaint import Complaint
from handlers.console_link.flow import ConsoleLink
from handlers.corrections import Corrections
from handlers.courses.desk import CourseDesk
from handlers.courses.flow import TakingCourses
from handlers.dialogue import Flow, Reply, Scene, State, Turn
from handlers.effects import ForgetConversation, LeaveTicket, OpenTicket
from handlers.erasure import Erasure
from handlers.events.desk import EventDesk
from handlers.events.flow import Invitations
from handlers.frames import DRAFT_LIFE
from handlers.groups import Groups
from handlers.helping.answering import Answering, SimplyAnswering
from handlers.helping.flow import Helping
from handlers.helping.mine import MyHelpers
from handlers.human_help import TYPED, HumanHelp
from handlers.linking import Linking
from handlers.month_figures.flow import MonthReport
from handlers.my_data import MyData
from handlers.policy_question import PolicyQuestion
from handlers.posting.desk import PostDesk
from handlers.posting.flow import PostToGroups
from handlers.preferences import Preferences
from handlers.projects.flow import Projects
from handlers.projects.needs import Needs
from handlers.prompts import MOST_REPLIES, joined, tapped
from handlers.proxy_consent import ProxyConsent
from handlers.registration.filling import CONSENT
from handlers.registration.flow import Registration
from handlers.registration.onward import again, once_more
from handlers.sages.flow import AddressBook
from handlers.segments.flow import KindsDesk
from handlers.self_check import SelfCheck, recall
from handlers.sharing.flow import SharingWord
from handlers.spoken import echoed
from handlers.staff_desk import StaffDesk
from handlers.stalls.flow import StallDesk
from handlers.stations.flow import Channels, Duties, NearStations
from handlers.stations.leads import LeadDesk
from handlers.stewards.flow import MyGroups
from handlers.texts import say
from handlers.tickets.answers import TicketAnswers
from handlers.tickets.home import HomeMatters
from handlers.tickets.progress import Progress
from handlers.tickets.staff import StaffTickets
from handlers.unit_tasks.flow import UnitTasks
from handlers.unreadable import Unreadable
from handlers.wishes.checking import Checks
from handlers.wishes.flow import Wishes
from handlers.wishes.opening import Digests
from records.messages import NOTICES, Inbound, InboundKind, Option

# Staff at work, danger, a human who is in the talk, what is everyone's right; questions last.
FLOWS: tuple[Flow, ...] = (
    Groups(),
    PostToGroups(),
    PostDesk(),
    StaffTickets(),
    StaffDesk(),
    Helping(),
    CourseDesk(),
    EventDesk(),
    CampaignDesk(),
    CaseDesk(),
    UnitTasks(),
    Duties(),
    LeadDesk(),
    MyGroups(),
    MonthReport(),
    ConsoleLink(),
    KindsDesk(),
    StallDesk(),
    Standing(),
    AddressBook(),
    Rounds(),
    Cadre(),
    Storytellers(),
    SharingWord(),
    Checks(),
    Alarms(),
    Wishes(),
    Digests(),
    HumanHelp(),
    TicketAnswers(),
    Erasure(),
    Preferences(),
    Unreadable(),
    Linking(),
    MyData(),
    MyHelpers(),
    Answering(),
    TakingCourses(),
    Invitations(),
    NearStations(),
    Channels(),
    CaseList(),
    Progress(),
    HomeMatters(),
    Complaint(),
    Corrections(),
    SimplyAnswering(),
    Checklist(),
    Projects(),
    Needs(),
    SelfCheck(),
    welcome.Welcome(),
    ProxyConsent(),
    ClosedBusiness(),
    Registration(),
    PolicyQuestion(),
)

_ABOUT_IDENTITY = re.compile(r"(?:我的?)?(?:身份证|银行卡|卡)(?:号码?)?(?:是)?[\s:,]*")
_MASKS = (hearing.IDENTITY_MASK, hearing.CARD_MASK)
_UNDISTURBED = timedelta(hours=6)  # after which a side talk is over; a form stays
_SAME_TWICE = 2  # a third identical prompt is never sent (domain rule 3.3-4)
# The talk is not stuck after these.
_PROGRESS = frozenset({"answer", "notice", "record", "staff", "file"})


def respond(message: Inbound, state: State, scene: Scene) -> Turn:
    """The turn that a message leads to; pure."""
    if message.kind in NOTICES:
        return Turn((), state)
    if scanned.is_silent(message):
        return Turn((), scanned.came(message, state, scene))
    scene = replace(scene, is_new=scanned.is_new(state, scene))
    last = state.memory.get("at")
    meant = offers.meant(message, _still_open(state, scene), scene, last=last)
    turn = meant if isinstance(meant, Turn) else _led(message, *meant, scene)
    return echoed(_finished(turn, message, scene), message)


def draft_until(state: State, now: datetime) -> datetime | None:
    """When something that is kept now must be gone: a check's answers, an unfinished form."""
    if recall.is_kept(state):
        return recall.until(state)
    return now + DRAFT_LIFE if frames.has_form(state) else None


def phone_to_look_up(message: Inbound, state: State) -> str:
    """The number whose records the scene's `by_phone` shall hold; "" for most messages."""
    if message.is_group:
        return ""
    given = state.data.get("given") or {}
    known = state.data.get("phone") or given.get("phone") or ""
    return hearing.phone(hearing.clean(message.text)) or str(known)


def _led(message: Inbound, said: Inbound, state: State, scene: Scene) -> Turn:
    """The turn of the flow that takes what was said."""
    if said.kind is InboundKind.START:
        state = scanned.noted(said, state, scene)
    digit = tapped(said, state)
    if digit is None:
        return Turn((Reply(say("stale")),), state)
    text = hearing.clean(digit)
    opened = welcome.opened(text, state)
    # What goes on to staff goes on as it was typed.
    heard = replace(said, text=opened or text, extra={**said.extra, TYPED: message.text})
    if welcome.is_tapped(said) and state.step == CONSENT:
        state = frames.parked(state)  # asked again when it is wanted
    turn = _turn(heard, state, scene)
    if recall.is_over(heard, turn.effects, scene):
        turn = replace(turn, state=recall.dropped(turn.state))
    return turn


def _still_open(state: State, scene: Scene) -> State:
    """A number typed days later does not answer what was asked then."""
    last = state.memory.get("at")
    state = recall.lately(state.remember(at=scene.now.isoformat()), scene.now)
    silence = scene.now - datetime.fromisoformat(last) if last else timedelta()
    if silence >= DRAFT_LIFE:
        return frames.drop_form(state)
    is_old = silence > _UNDISTURBED
    return frames.leave(state) if is_old and state.flow not in ("", frames.FORM) else state


def _turn(message: Inbound, state: State, scene: Scene) -> Turn:
    if not message.is_group and _has_number_of_papers(message.text):
        return _without_identity(message, state, scene)
    flow = next(flow for flow in FLOWS if flow.takes(message, state, scene))
    turn = flow.advance(message, state, scene)
    is_asked = bool(turn.replies) and turn.replies[-1].kind == "form"
    if is_asked or not frames.is_asking(turn.state) or _hands_over(turn, scene):
        return turn
    is_back = any(isinstance(effect, LeaveTicket) for effect in turn.effects)
    whole = again(turn.state, scene)
    if not turn.replies or (is_back and len(whole.replies) == MOST_REPLIES):
        return Turn(whole.replies, whole.state, turn.effects)  # consent is asked for as a whole
    asked = once_more(turn.state, scene)
    replies = joined((*turn.replies, *asked.replies))
    if len(replies) > MOST_REPLIES:  # no room for the question: it waits until it is wanted
        return Turn(turn.replies, frames.parked(turn.state), turn.effects)
    return Turn(replies, asked.state, turn.effects)


def _has_number_of_papers(text: str) -> bool:
    """Whether the door left out an identity number, or one as long as a bank card's."""
    return any(mask in text for mask in _MASKS)


def _without_identity(message: Inbound, state: State, scene: Scene) -> Turn:
    """Such a number is not needed, no record takes it; the rest is heard (domain P-05, P-06)."""
    bare = message.text
    for mask in _MASKS:
        bare = bare.replace(mask, " ")
    rest = _ABOUT_IDENTITY.sub("", hearing.clean(bare))
    is_identity = hearing.IDENTITY_MASK in message.text
    told = Reply(say("identity_number") if is_identity else say("card_number"), kind="notice")
    if not hearing.core(rest) and not frames.is_asking(state):
        return Turn((told,), state)
    if not hearing.core(rest):
        asked = once_more(state, scene)
        return Turn((told, *asked.replies), asked.state)
    turn = _turn(replace(message, text=rest), state, scene)
    return Turn((told, *turn.replies), turn.state, turn.effects)


def _hands_over(turn: Turn, scene: Scene) -> bool:
    """Whether staff is in the talk after this turn, so that no form may ask on."""
    if any(isinstance(effect, OpenTicket) and effect.ticket.is_live for effect in turn.effects):
        return True
    is_left = any(isinstance(effect, LeaveTicket) for effect in turn.effects)
    return bool(scene.ticket) and not is_left


def _finished(turn: Turn, message: Inbound, scene: Scene) -> Turn:
    replies, state = turn.replies, turn.state
    is_stranger = scene.is_new and not message.is_group and scene.counter.staff is None
    if is_stranger and not _names_office(replies, scene):
        replies = (welcome.introduction(scene), *replies)
    forgets = any(isinstance(effect, ForgetConversation) for effect in turn.effects)
    if not forgets and not message.is_group:
        replies, state = scanned.mentioned(replies, state, scene)
    if not forgets:
        replies, state = _not_thrice(replies, state) if not message.is_group else (replies, state)
    return Turn(joined(replies), state, turn.effects)


def _names_office(replies: tuple[Reply, ...], scene: Scene) -> bool:
    """Whether the replies say already who we are, as the notice before a form does."""
    return len(replies) > 1 and scene.office.name in replies[0].text


def _not_thrice(replies: tuple[Reply, ...], state: State) -> tuple[tuple[Reply, ...], State]:
    """Instead of the same prompt a third time: other ways to go on."""
    if not replies:
        return replies, state
    if any(reply.kind in _PROGRESS for reply in replies):
        return replies, state.remember(said=["", 0])
    last_one = replies[-1]
    # The pages of a form's question differ in their options alone.
    options = last_one.options if last_one.kind == "form" else ()
    shown = (last_one.text, *(option.label for option in options))
    mark = hashlib.sha256("\n".join(shown).encode()).hexdigest()[:12]
    last, times = state.memory.get("said", ["", 0])
    times = times + 1 if mark == last else 1
    if times <= _SAME_TWICE:
        return replies, state.remember(said=[mark, times])
    words = (say("option.human"), say("option.home"))
    ways = tuple(Option(word, word) for word in words)
    return (*replies[:-1], Reply(say("stuck"), ways)), state.remember(said=["", 0])
