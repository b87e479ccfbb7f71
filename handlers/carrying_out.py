"""Making so what a turn causes: each effect by the room that it belongs to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch
from typing import Any, get_args

from handlers import desk_acts, forgetting, link_effects, person_effects, requests
from handlers.cadre import effects as cadre_effects
from handlers.cadre.effects import CadreEffect, StandingEffect
from handlers.campaigns import effects as campaign_effects
from handlers.campaigns.effects import CampaignEffect
from handlers.cases import effects as case_effects
from handlers.cases.effects import CaseEffect
from handlers.checklist import effects as checklist_effects
from handlers.checklist.effects import Tick
from handlers.console_link import effects as console_effects
from handlers.console_link.effects import OfferLink
from handlers.courses import effects as course_effects
from handlers.courses.effects import CourseEffect
from handlers.desk import Work
from handlers.effects import (
    AddToTicket,
    AllowPushes,
    BindStaff,
    ChooseView,
    Effect,
    EraseProfile,
    FlagTicket,
    ForgetConversation,
    KeepFacts,
    LeaveTicket,
    NoteCheck,
    OpenTicket,
    RecordFeedback,
    RecordQuestion,
    RecordTold,
    StopPushes,
    WithdrawConsent,
)
from handlers.events import effects as event_effects
from handlers.events.effects import EventEffect
from handlers.helping import effects as helping_effects
from handlers.helping.effects import HelpingEffect
from handlers.link_effects import LinkEffect, Where
from handlers.person_effects import PersonEffect
from handlers.posting import effects as post_effects
from handlers.posting.effects import PostEffect
from handlers.projects import effects as project_effects
from handlers.projects.effects import ProjectEffect
from handlers.sages import effects as sage_effects
from handlers.sages.effects import SageEffect
from handlers.segments import effects as segment_effects
from handlers.segments.effects import SegmentEffect
from handlers.sharing import effects as sharing_effects
from handlers.sharing.effects import SharingEffect
from handlers.stalls import effects as stall_effects
from handlers.stalls.effects import StallEffect
from handlers.stations import effects as station_effects
from handlers.stations.effects import StationEffect
from handlers.stewards import effects as group_effects
from handlers.stewards.effects import PlaceGroup
from handlers.tickets import effects as ticket_effects
from handlers.tickets.effects import TicketEffect
from handlers.unit_tasks import effects as task_effects
from handlers.unit_tasks.effects import TaskEffect
from handlers.wishes import effects as wish_effects
from handlers.wishes.effects import KeepWishes, NoteWrongCode, OpenPush
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
    wishes,
)
from records.conversations import Overtaken
from records.database import Session
from records.questions import Asked
from records.told import Told
from records.vault import Vault

log = logging.getLogger("guiyan.eligibility")

_BY_ROOM: tuple[tuple[Any, Callable[..., None]], ...] = (
    (HelpingEffect, helping_effects.apply),
    (CadreEffect, cadre_effects.apply),
    (CampaignEffect, campaign_effects.apply),
    (CaseEffect, case_effects.apply),
    (CourseEffect, course_effects.apply),
    (OfferLink, console_effects.apply),
    (EventEffect, event_effects.apply),
    (TaskEffect, task_effects.apply),
    (Tick, checklist_effects.apply),
    (SageEffect, sage_effects.apply),
    (SegmentEffect, segment_effects.apply),
    (SharingEffect, sharing_effects.apply),
    (StallEffect, stall_effects.apply),
    (StandingEffect, cadre_effects.note),
    (StationEffect, station_effects.apply),
    (PlaceGroup, group_effects.apply),
    (ProjectEffect, project_effects.apply),
    (PostEffect, post_effects.apply),
)


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
    wishes.say(session, context.conversation, (), (wishes.Name.PAUSE,), context.now)


@_do.register
def _(effect: KeepWishes, session: Session, context: EffectContext) -> None:
    wish_effects.apply(effect, session, context.conversation, context.now)


@_do.register
def _(effect: NoteWrongCode, session: Session, context: EffectContext) -> None:
    wish_effects.note_wrong(session, context.conversation, context.now)


@_do.register
def _(effect: OpenPush, session: Session, context: EffectContext) -> None:
    wish_effects.open_push(
        effect,
        session,
        context.vault,
        account=context.conversation,
        message=context.message_id or 0,
        now=context.now,
    )


@_do.register
def _(effect: LinkEffect, session: Session, context: EffectContext) -> None:
    where = Where(context.conversation, context.channel, context.now, context.vault)
    link_effects.apply(effect, session, where)


@_do.register
def _(effect: PersonEffect, session: Session, context: EffectContext) -> None:
    where = Where(context.conversation, context.channel, context.now, context.vault)
    person_effects.apply(effect, session, where)


@_do.register
def _(effect: TicketEffect, session: Session, context: EffectContext) -> None:
    account = context.conversation
    ticket_effects.apply(effect, session, context.vault, account=account, now=context.now)


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


def _by(act: Callable[..., None]) -> Callable[[Any, Session, EffectContext], None]:
    def do(effect: Any, session: Session, context: EffectContext) -> None:
        act(effect, session, context.vault, context.now)

    return do


for _kinds, _act in _BY_ROOM:
    for _kind in get_args(_kinds) or (_kinds,):
        _do.register(_kind, _by(_act))
