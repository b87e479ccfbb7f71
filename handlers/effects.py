"""What a turn may cause, as values; `apply` makes it so in the transaction of the turn."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch
from typing import Any

from handlers import desk_acts, forgetting, link_effects, person_effects, requests
from handlers.cadre import effects as cadre_effects
from handlers.cadre.effects import CadreEffect, StandingEffect
from handlers.cases import effects as case_effects
from handlers.cases.effects import CaseEffect
from handlers.checklist import effects as checklist_effects
from handlers.checklist.effects import Tick
from handlers.courses import effects as course_effects
from handlers.courses.effects import CourseEffect
from handlers.desk import Work
from handlers.events import effects as event_effects
from handlers.events.effects import EventEffect
from handlers.helping import effects as helping_effects
from handlers.helping.effects import HelpingEffect
from handlers.link_effects import LinkEffect, Where
from handlers.person_effects import PersonEffect
from handlers.projects import effects as project_effects
from handlers.projects.effects import ProjectEffect
from handlers.sages import effects as sage_effects
from handlers.sages.effects import SageEffect
from handlers.stations import effects as station_effects
from handlers.stations.effects import StationEffect
from handlers.tickets import effects as ticket_effects
from handlers.tickets.effects import TicketEffect
from handlers.unit_tasks import effects as task_effects
from handlers.unit_tasks.effects import TaskEffect
from records import (
    account_links,
    audit,
    consents,
    people,
    person_facts,
    questions,
    staff_accounts,
    stops,
    tickets,
    told,
    unasked,
)
from records.conversations import Overtaken
from records.database import Session
from records.questions import Asked, Reason
from records.stops import StopReason
from records.tickets import NewTicket
from records.told import Told
from records.vault import Vault

log = logging.getLogger("guiyan.eligibility")


@dataclass(frozen=True, slots=True)
class KeepFacts:
    """What a registered person told of their business: attributes, None where taken back."""

    person_id: str
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NoteCheck:
    """A policy was held against somebody: which, in which version, on what, with what result."""

    rule: str
    version: str
    inputs: str  # as text; only its fingerprint is kept
    kind: str


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """Nothing may be done with this person's record any more."""

    person_id: str
    receipt: str


@dataclass(frozen=True, slots=True)
class EraseProfile:
    """Remove a person; `counted` answers stay as anonymous totals."""

    person_id: str
    receipt: str
    counted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForgetConversation:
    """Nothing of this talk stays; the door wipes its messages once the receipt has arrived."""

    receipt: str


@dataclass(frozen=True, slots=True)
class StopPushes:
    """No pushes to this account and these numbers; for good, or until a day."""

    reason: StopReason
    phones: tuple[str, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AllowPushes:
    """Pushes are welcome again."""

    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChooseView:
    """Whether lists may look at who these people are."""

    person_ids: tuple[str, ...]
    is_personal: bool


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A human is wanted."""

    ticket: NewTicket


@dataclass(frozen=True, slots=True)
class AddToTicket:
    """What the person wrote goes to the staff."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class FlagTicket:
    """Danger was spoken of in a talk with staff."""

    number: str


@dataclass(frozen=True, slots=True)
class LeaveTicket:
    """The person talks to the bot again."""

    number: str


@dataclass(frozen=True, slots=True)
class BindStaff:
    """This account speaks for one of the staff from now on, by a code that they were given."""

    code: str


@dataclass(frozen=True, slots=True)
class RecordQuestion:
    """A question for the editors, already without personal data; may the asker be told later?"""

    text: str
    area: str
    decision: str
    score: float
    reason: Reason
    entries: tuple[str, ...] = ()
    tells: bool = True


@dataclass(frozen=True, slots=True)
class RecordFeedback:
    """Whether an answer helped."""

    entries: tuple[str, ...]
    area: str
    is_useful: bool


@dataclass(frozen=True, slots=True)
class RecordTold:
    """This conversation was answered from these entries."""

    entries: tuple[str, ...]


Effect = (
    PersonEffect
    | KeepFacts
    | NoteCheck
    | WithdrawConsent
    | EraseProfile
    | ForgetConversation
    | StopPushes
    | AllowPushes
    | ChooseView
    | OpenTicket
    | AddToTicket
    | FlagTicket
    | LeaveTicket
    | Work
    | BindStaff
    | RecordQuestion
    | RecordFeedback
    | RecordTold
    | LinkEffect
    | HelpingEffect
    | ProjectEffect
    | TicketEffect
    | CourseEffect
    | CaseEffect
    | EventEffect
    | TaskEffect
    | StationEffect
    | CadreEffect
    | StandingEffect
    | SageEffect
    | Tick
)
# The next message of the conversation is answered alike, whether or not these are stored yet.
_ASIDE = (RecordQuestion, RecordFeedback, RecordTold)


@dataclass(frozen=True, slots=True)
class EffectContext:
    """Where and when a turn took place."""

    conversation: str
    channel: str
    chat: str
    now: datetime
    vault: Vault
    robot: str = ""  # the group robot that tells staff of requests, if there is one
    message_id: int | None = None  # the stored message that the effects come of


def matter_next(effects: Sequence[Effect]) -> bool:
    """Whether the next message must see what these have changed."""
    return not all(isinstance(effect, _ASIDE) for effect in effects)


def apply(session: Session, turns: Sequence[tuple[Sequence[Effect], EffectContext]]) -> None:
    """Make the effects of some turns so, in order; what was told goes into one statement."""
    rows: list[Told] = []
    for effects, context in turns:
        for effect in effects:
            if isinstance(effect, RecordTold):
                rows += [Told(context.conversation, e, context.now) for e in effect.entries]
            else:
                _do(effect, session, context)
            if isinstance(effect, ForgetConversation):
                rows = [row for row in rows if row.conversation != context.conversation]
    told.note(session, rows)


@singledispatch
def _do(effect: object, session: Session, context: EffectContext) -> None:
    raise TypeError(f"no such effect: {type(effect).__name__}")


@_do.register
def _(effect: KeepFacts, session: Session, context: EffectContext) -> None:
    person_facts.keep(session, effect.person_id, effect.answers, at=context.now)


@_do.register
def _(effect: NoteCheck, session: Session, context: EffectContext) -> None:
    log.info(
        "policy checked",
        extra={
            "rule": effect.rule,
            "version": effect.version,
            "inputs": context.vault.fingerprint(effect.inputs),
            "kind": effect.kind,
        },
    )


@_do.register
def _(effect: WithdrawConsent, session: Session, context: EffectContext) -> None:
    for account in _accounts(session, context):
        unasked.withdraw(session, context.vault, account, context.now)
    consents.end(session, effect.person_id, at=context.now)
    people.set_aside(session, effect.person_id, at=context.now)
    audit.write(
        session,
        "consent.withdrawn",
        at=context.now,
        subject=effect.person_id,
        receipt=effect.receipt,
    )


@_do.register
def _(effect: EraseProfile, session: Session, context: EffectContext) -> None:
    unasked.withdraw(session, context.vault, context.conversation, context.now)
    tickets.erase_of(session, context.vault, person_id=effect.person_id, at=context.now)
    forgetting.erase(
        session,
        context.vault,
        effect.person_id,
        here=context.conversation,
        counted=effect.counted,
        at=context.now,
    )
    audit.write(
        session, "person.erased", at=context.now, subject=effect.person_id, receipt=effect.receipt
    )


@_do.register
def _(effect: ForgetConversation, session: Session, context: EffectContext) -> None:
    forgetting.forget(session, context.vault, context.conversation, at=context.now)
    audit.write(session, "conversation.forgotten", at=context.now, receipt=effect.receipt)


@_do.register
def _(effect: StopPushes, session: Session, context: EffectContext) -> None:
    for account in _accounts(session, context):
        unasked.withdraw(session, context.vault, account, context.now)
    stops.stop(
        session,
        _targets(session, effect.phones, context),
        reason=effect.reason,
        since=context.now,
        until=effect.until,
    )


@_do.register
def _(effect: AllowPushes, session: Session, context: EffectContext) -> None:
    stops.allow(session, _targets(session, effect.phones, context))


@_do.register
def _(effect: LinkEffect, session: Session, context: EffectContext) -> None:
    where = Where(context.conversation, context.channel, context.now, context.vault)
    link_effects.apply(effect, session, where)


@_do.register
def _(effect: PersonEffect, session: Session, context: EffectContext) -> None:
    where = Where(context.conversation, context.channel, context.now, context.vault)
    person_effects.apply(effect, session, where)


@_do.register
def _(effect: HelpingEffect, session: Session, context: EffectContext) -> None:
    helping_effects.apply(effect, session, context.vault, context.now)


@_do.register
def _(effect: CadreEffect, session: Session, context: EffectContext) -> None:
    cadre_effects.apply(effect, session, context.vault, context.now)


@_do.register
def _(effect: CaseEffect, session: Session, context: EffectContext) -> None:
    case_effects.apply(effect, session, context.vault, context.now)


@_do.register
def _(effect: CourseEffect, session: Session, context: EffectContext) -> None:
    course_effects.apply(effect, session, context.vault, context.now)


@_do.register
def _(effect: TicketEffect, session: Session, context: EffectContext) -> None:
    account = context.conversation
    ticket_effects.apply(effect, session, context.vault, account=account, now=context.now)


@_do.register
def _(effect: EventEffect, session: Session, context: EffectContext) -> None:
    event_effects.apply(effect, session, context.vault, context.now)


@_do.register
def _(effect: TaskEffect, session: Session, context: EffectContext) -> None:
    task_effects.apply(effect, session, context.vault, context.now)


@_do.register
def _(effect: Tick, session: Session, context: EffectContext) -> None:
    checklist_effects.apply(effect, session, context.vault, context.now)


@_do.register
def _(effect: SageEffect, session: Session, context: EffectContext) -> None:
    sage_effects.apply(effect, session, context.vault, context.now)


@_do.register
def _(effect: StandingEffect, session: Session, context: EffectContext) -> None:
    cadre_effects.note(effect, session, context.vault, context.now)


@_do.register
def _(effect: StationEffect, session: Session, context: EffectContext) -> None:
    station_effects.apply(effect, session, context.vault, context.now)


@_do.register
def _(effect: ChooseView, session: Session, context: EffectContext) -> None:
    people.choose_view(session, effect.person_ids, is_personal=effect.is_personal)


@_do.register
def _(effect: OpenTicket, session: Session, context: EffectContext) -> None:
    requests.open_ticket(
        session,
        context.vault,
        effect.ticket,
        conversation=context.conversation,
        robot=context.robot,
        now=context.now,
    )


@_do.register
def _(effect: AddToTicket, session: Session, context: EffectContext) -> None:
    requests.add(
        session,
        context.vault,
        effect.number,
        effect.text,
        message_id=context.message_id,
        now=context.now,
    )


@_do.register
def _(effect: FlagTicket, session: Session, context: EffectContext) -> None:
    requests.flag(session, context.vault, effect.number, robot=context.robot, now=context.now)


@_do.register
def _(effect: LeaveTicket, session: Session, context: EffectContext) -> None:
    tickets.leave(session, effect.number, at=context.now)


@_do.register
def _(effect: Work, session: Session, context: EffectContext) -> None:
    desk_acts.do(session, context.vault, effect, now=context.now)


@_do.register
def _(effect: ProjectEffect, session: Session, context: EffectContext) -> None:
    project_effects.apply(effect, session, context.vault, context.now)


@_do.register
def _(effect: BindStaff, session: Session, context: EffectContext) -> None:
    is_bound = staff_accounts.redeem(
        session, context.vault, effect.code, context.conversation, at=context.now
    )
    if not is_bound:
        raise Overtaken


@_do.register
def _(effect: RecordQuestion, session: Session, context: EffectContext) -> None:
    asked = Asked(
        text=effect.text,
        area=effect.area,
        decision=effect.decision,
        score=effect.score,
        at=context.now,
        reason=effect.reason,
        entries=effect.entries,
        conversation=context.conversation if effect.tells else "",
    )
    questions.note(session, asked)


@_do.register
def _(effect: RecordFeedback, session: Session, context: EffectContext) -> None:
    questions.rate(
        session, effect.entries, area=effect.area, is_useful=effect.is_useful, at=context.now
    )


def _accounts(session: Session, context: EffectContext) -> list[str]:
    """This account and those that are linked to it."""
    return [context.conversation, *account_links.connected(session, context.conversation)]


def _targets(session: Session, phones: Sequence[str], context: EffectContext) -> list[str]:
    prints = (context.vault.fingerprint(phone) for phone in phones if phone)
    return [*_accounts(session, context), *prints]
