"""«看新的»: what holds now of something that we told and that has changed (J13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers import commands, frames
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import RecordTold
from handlers.layout import laid_out
from handlers.policy_answer import remembering, word
from handlers.prompts import MOST_REPLIES
from handlers.texts import say
from knowledge.answer import Answer, Decision
from knowledge.changes import shown
from knowledge.compose import ANYONE
from outreach.corrections import Due, Offer
from records import conversations
from records.conversations import Saved
from records.database import Session
from records.messages import Inbound
from records.vault import Vault

_MEMORY = "corrections"


class Corrections:
    """The answer to an offer of ours."""

    name = "corrections"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        return commands.of(message.text) is Command.NEWS

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        offered = list(state.memory.get(_MEMORY, ()))
        if not offered:
            return Turn((Reply(say("correction.none")),), state)
        told = [_told(one, scene) for one in offered]
        room = MOST_REPLIES if len(told) == 1 else 1  # one message for each, with its source
        laid = [laid_out(answer, room) for answer in told]
        pages = [page for each in laid for page in each.shown]
        replies = [Reply(page, kind="answer") for page in pages[:MOST_REPLIES]]
        rest = [*pages[MOST_REPLIES:], *(page for each in laid for page in each.rest)]
        if rest:
            replies[-1] = replace(replies[-1], options=(word(say("option.more_words")),))
        title = str(offered[-1]["title"])
        after = remembering(_together(told), frames.leave(state), scene, title)
        entries = tuple(entry for answer in told for entry in answer.entries)
        effects = (RecordTold(entries),) if entries else ()
        return Turn(tuple(replies), after.remember(**{_MEMORY: [], "pages": rest}), effects)


def offer(session: Session, vault: Vault, made: Sequence[Offer], now: datetime) -> frozenset[str]:
    """Remember in each conversation what is offered; the keys of those where that went well."""
    known = conversations.load(session, [one.conversation for one in made])
    held = conversations.hold(session, list(known))
    kept: set[str] = set()
    for one in made:
        key = one.conversation
        if key in held:
            state = State.from_dict(vault.open(held[key].state))
            conversations.amend(session, held[key], vault.seal(_with(state, one).as_dict()))
            kept.add(key)
        elif key not in known:
            conversations.save(session, [_begun(one, vault, now)])
            kept.add(key)
    return frozenset(kept)


def _with(state: State, made: Offer) -> State:
    known = {one["entry"]: one for one in state.memory.get(_MEMORY, ())}
    for due in made.dues:
        known[due.told.entry] = _as_dict(due)
    return state.remember(**{_MEMORY: list(known.values())})


def _as_dict(due: Due) -> dict[str, str]:
    return {
        "entry": due.told.entry,
        "title": due.title,
        "agency": due.agency,
        "phone": due.phone,
    }


def _begun(made: Offer, vault: Vault, now: datetime) -> Saved:
    """A conversation whose state was forgotten, with an offer in it."""
    channel, chat = made.conversation.split(":", 1)
    return Saved(
        key=made.conversation,
        channel=channel,
        chat=chat,
        is_group=False,
        version=0,
        state=vault.seal(_with(State(), made).as_dict()),
        area="",
        draft_until=None,
        forget_at=None,
        at=now,
    )


def _told(offered: Mapping[str, Any], scene: Scene) -> Answer:
    """The entry as it is now, or that it holds no longer and whom to ask."""
    library = scene.answerer.library
    entry = library.entries.get(str(offered["entry"]))
    if entry is not None and entry.is_served(scene.now.date()):
        answer = shown(library, entry, scene.now)
        return replace(answer, text=say("correction.now", title=offered["title"]) + answer.text)
    agency = str(offered["agency"]) or ANYONE
    phone = str(offered["phone"]) or say("phone_missing")
    text = say("correction.gone", title=offered["title"], agency=agency, phone=phone)
    return Answer(Decision.NOT_STATED, text)


def _together(told: Sequence[Answer]) -> Answer:
    """What is remembered of several answers at once: all entries, the details and topic of one."""
    last = told[-1]
    entries = tuple(entry for answer in told for entry in answer.entries)
    detail = "\n".join(answer.detail for answer in told if answer.detail)
    return Answer(last.decision, "", entries=entries, detail=detail, topic=last.topic)
