"""One conversation's turn: loaded from the store, talked through, committed all or nothing."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from handlers import frames, handed_back, rooms
from handlers.advised import better_of
from handlers.album import PICTURE
from handlers.carrying_out import EffectContext
from handlers.carrying_out import apply as apply_effects
from handlers.catalog import draft_until, respond
from handlers.dialogue import Office, Reply, Scene, State, Turn
from handlers.effects import Effect, ForgetConversation
from handlers.forgetting import FORGET_AFTER
from handlers.forms.form import Forms
from handlers.loading import Loaded, Message
from handlers.taking_back import take_back
from handlers.texts import say
from handlers.tokens import receipt
from knowledge.advising import Adviser, Doubt, Noting
from knowledge.answer import Answerer
from knowledge.areas import Gazetteer
from knowledge.text import letters
from outreach.groups import joining
from records import conversations, inbound, outbox, seen, tickets
from records.conversations import Saved
from records.database import Session
from records.messages import NOTICES, Inbound, InboundKind, Priority
from records.outbox import NewOutgoing
from records.tickets import NewTicket, TicketKind
from records.vault import Vault

log = logging.getLogger("guiyan.advance")

_LEAST_LETTERS = 5  # of a question; what is shorter may be somebody's name


@dataclass(frozen=True, slots=True)
class Finished:
    """What a turn leaves to be committed."""

    saved: Saved
    done: int  # the message that it answers
    replies: tuple[NewOutgoing, ...]
    effects: tuple[Effect, ...]
    context: EffectContext
    notice: Inbound | None
    forgets_past: bool
    has_more: bool


@dataclass(slots=True)
class Talk:
    """Turns what was loaded into what is to be committed; no input or output."""

    vault: Vault
    answerer: Answerer
    office: Office
    places: Gazetteer
    forms: Forms
    now: Callable[[], datetime]
    home: str = ""  # an area for people who have not said theirs (a terminal's --area)
    adviser: Adviser | None = None  # a language model, where one is configured
    robot: str = ""  # the group robot that tells staff of requests, if there is one
    respond: Callable[[Inbound, State, Scene], Turn] = field(default=respond)

    def turn(self, loaded: Loaded) -> Finished:
        """Answer the first open message."""
        message, state = loaded.messages[0], loaded.state
        if message.said.kind in NOTICES:
            return self.finish(loaded, message, Turn((), state))
        scene = self._scene(loaded, loaded.conversation is None, message.said.sent_at)
        return self.finish(loaded, message, self._respond(message.said, state, scene))

    def tried(self, loaded: Loaded) -> tuple[Finished, Doubt | None]:
        """The turn as we would do it alone, and what of it we would rather ask the adviser."""
        if self.adviser is None or not _may_be_advised(loaded):
            return self.turn(loaded), None
        noting = Noting(self.answerer)
        finished = replace(self, answerer=noting).turn(loaded)
        doubts = [d for d in noting.doubts if len(letters(d.asking.question)) >= _LEAST_LETTERS]
        return finished, doubts[-1] if doubts else None

    async def advised(self, loaded: Loaded, finished: Finished, doubt: Doubt) -> Finished:
        """The turn with the adviser's help; without any in time, the turn as it was."""
        assert self.adviser is not None
        answer = await better_of(self.answerer, doubt, self.adviser, now=self.now())
        if answer is doubt.own:
            return finished
        return replace(self, answerer=Noting(self.answerer, {doubt.asking: answer})).turn(loaded)

    def apology(self, loaded: Loaded) -> Finished:
        """The first open message cannot be dealt with: say so, and go on with the rest."""
        turn = Turn((Reply(say("sorry")),), loaded.state)
        return self.finish(loaded, loaded.messages[0], turn)

    def finish(self, loaded: Loaded, message: Message, turn: Turn) -> Finished:
        """The turn as rows and values."""
        now, old = self.now(), loaded.conversation
        channel, chat = loaded.key.split(":", 1)
        forgets = any(isinstance(effect, ForgetConversation) for effect in turn.effects)
        saved = Saved(
            key=loaded.key,
            channel=channel,
            chat=chat,
            is_group=old.is_group if old else message.said.is_group,
            version=old.version if old else 0,
            state=self.vault.seal(turn.state.as_dict()),
            area=str(turn.state.memory.get("area", "")),
            draft_until=draft_until(turn.state, now),
            forget_at=now + FORGET_AFTER if forgets else None,
            at=now,
        )
        return Finished(
            saved=saved,
            done=message.id,
            replies=self._queued(loaded.key, message, turn.replies, now),
            effects=turn.effects,
            context=EffectContext(
                loaded.key, channel, chat, now, self.vault, self.robot, message_id=message.id
            ),
            notice=message.said if message.said.kind in NOTICES else None,
            forgets_past=old is not None and old.forget_at is not None,
            has_more=loaded.has_more,
        )

    def _respond(self, message: Inbound, state: State, scene: Scene) -> Turn:
        try:
            return self.respond(message, state, scene)
        except Exception:  # a message that breaks a flow must not be able to stop the talk
            log.exception("flow failed", extra={"flow": state.flow, "step": state.step})
            return Turn((Reply(say("sorry")),), state)

    def _scene(self, loaded: Loaded, is_new: bool, moment: datetime) -> Scene:
        known = loaded.conversation
        return Scene(
            now=self.now(),
            answerer=self.answerer,
            office=self.office,
            area=(known.area if known else "") or self.home,
            is_new=is_new,
            profiles=loaded.profiles,
            ticket=loaded.ticket,
            token=secrets.token_hex(8),
            by_phone=loaded.by_phone,
            places=self.places,
            forms=self.forms,
            counter=loaded.counter,
            linking=loaded.linking,
            offer=seen.offer_at(loaded.shown, moment),
            **rooms.by_name(loaded.rooms),
        )

    def _queued(
        self, key: str, message: Message, replies: Sequence[Reply], now: datetime
    ) -> tuple[NewOutgoing, ...]:
        channel, chat = key.split(":", 1)
        return tuple(
            NewOutgoing(
                channel=channel,
                chat=chat,
                # Bound to the message that it answers: a turn done twice queues its replies once.
                dedupe_key=_key(reply, f"re:{message.id}:{number}"),
                payload=outbox.sealed_content(
                    self.vault,
                    reply.text,
                    options=reply.options,
                    kind=reply.kind,
                    extra=_wire_hints(reply, message.said),
                ),
                due=now,
                priority=_priority(reply),
            )
            for number, reply in enumerate(replies)
        )


def _may_be_advised(loaded: Loaded) -> bool:
    """Only free questions: no answers of a form, nothing said to staff or in a group."""
    is_group = loaded.messages[0].said.is_group
    return not (is_group or loaded.ticket or frames.has_form(loaded.state))


def commit(session: Session, turns: Sequence[Finished]) -> list[None]:
    """State, effects, replies and done marks of some turns; Overtaken if one came too late."""
    conversations.save(session, [turn.saved for turn in turns])
    for turn in turns:
        if turn.forgets_past:
            inbound.erase_answered(session, turn.saved.key)
            outbox.erase(session, turn.saved.key)
        if turn.notice is not None:
            _touch(session, turn.notice, turn.context)
    apply_effects(session, [(turn.effects, turn.context) for turn in turns])
    inbound.mark_done(session, [turn.done for turn in turns], turns[0].saved.at)
    outbox.enqueue(session, [reply for turn in turns for reply in turn.replies])
    return [None] * len(turns)


def _key(reply: Reply, key: str) -> str:
    return outbox.key_about(reply.about, key) if reply.about else key


def _priority(reply: Reply) -> int:
    return (Priority.URGENT if reply.is_urgent else Priority.REPLY).value


def _wire_hints(reply: Reply, origin: Inbound) -> dict[str, str]:
    """What a channel needs beside the text: where in the chat to answer, which button to show."""
    hints = {key: origin.extra[key] for key in ("thread",) if key in origin.extra}
    if origin.is_group:
        hints["group"] = "1"
    if reply.wants_contact:
        hints["wants_contact"] = "1"
    if reply.most > 1:
        hints["most"] = str(reply.most)
    if reply.picture:
        hints[PICTURE] = reply.picture
    return hints


def _touch(session: Session, notice: Inbound, context: EffectContext) -> None:
    joining.note(session, context.vault, notice, context.now)
    if notice.kind in {InboundKind.STAFFED, InboundKind.UNSTAFFED}:
        _note_staff(session, notice, context)
    if notice.kind in {InboundKind.BLOCKED, InboundKind.LEFT}:
        conversations.mark_reach(session, notice.conversation, notice.kind.value)
    elif notice.kind is InboundKind.RECALLED:
        take_back(session, context.vault, notice, now=context.now)
    elif notice.kind is InboundKind.MIGRATED:
        outbox.move_address(session, notice.channel, notice.chat, notice.text)


def _note_staff(session: Session, notice: Inbound, context: EffectContext) -> None:
    """Staff came into the talk on the channel's own side, or left it: the ticket says so here."""
    number = tickets.open_for(session, [notice.conversation]).get(notice.conversation, "")
    if notice.kind is InboundKind.UNSTAFFED:
        if number:
            tickets.close(session, number, at=context.now)
            handed_back.tell(session, context.vault, notice, now=context.now)
    elif not number:
        new = NewTicket(receipt(notice.outer_id, "staffed"), TicketKind.TALK, "", is_live=True)
        tickets.raise_ticket(
            session, context.vault, new, channel=context.channel, chat=context.chat, at=context.now
        )
