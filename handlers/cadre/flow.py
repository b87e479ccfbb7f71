"""Cadres in a chat: people entered many at a time, faults mended line by line (domain J3)."""

from __future__ import annotations

from dataclasses import replace

from handlers import commands, frames
from handlers.cadre import pages
from handlers.cadre.effects import DropLine, SettleGround, StoreLines
from handlers.cadre.entering import Entering
from handlers.cadre.words import Drop, Ground, Left, Many, Mend, Wish, wish_of
from handlers.choices import Choice
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import Effect
from handlers.human_help import TYPED
from handlers.prompts import ask
from handlers.texts import say
from records import rights
from records.grounds import LONGEST
from records.messages import Inbound
from records.rights import Right
from registry.pasting import Paste, Post

GROUND = "ground"


class Cadre:
    """Lines of people, 第3行 …, 没存的, 依据 of cadres and staff."""

    name = "cadre"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        staff = scene.counter.staff
        if staff is None or not rights.may(staff, Right.SWEEP) or message.is_group:
            return False
        wish = wish_of(_typed(message))
        is_asked = state.flow == self.name and state.step == GROUND
        if is_asked and commands.of(message.text) is Command.BACK:
            return True
        if isinstance(wish, Ground) and wish.is_answer:
            return is_asked
        if isinstance(wish, Many) and frames.is_asking(state):
            return "\n" in _typed(message).strip()
        return wish is not None

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        text, here = _typed(message), frames.leave(state)
        wish, entering = wish_of(text), scene.entering
        post, paste = entering.post, entering.pastes.get(text, Paste())
        if wish is None or post is None:
            return _told(say("cadre.later"), here)
        if post.ward is None:
            return _told(say("cadre.no_county"), here)
        turn = _answered(wish, post, paste, here)
        return replace(turn, effects=tuple(_on_round(e, entering) for e in turn.effects))


def _on_round(effect: Effect, entering: Entering) -> Effect:
    """Who is entered on a round has been talked to."""
    if not isinstance(effect, StoreLines):
        return effect
    return replace(effect, round=entering.round)


def _typed(message: Inbound) -> str:
    return message.extra.get(TYPED) or message.text


def _answered(wish: Wish, post: Post, paste: Paste, state: State) -> Turn:
    match wish:
        case Many():
            return _entered(post, paste, state)
        case Mend(number, _):
            if not paste.tried:
                return _told(say("cadre.no_such_line", number=number), state)
            return _entered(post, paste, state)
        case Drop(number):
            return _dropped(number, post, state)
        case Left(page):
            return _left(page, paste, state)
        case Ground():
            return _grounded(wish, post, paste, state)


def _entered(post: Post, paste: Paste, state: State) -> Turn:
    """What became of the lines; where nothing says on what ground, that is asked."""
    replies = [Reply(pages.summary(paste), kind="staff")]
    told = pages.remarks(paste)
    if paste.faulty:
        told.append(pages.faults(paste.faulty, 1))
    if told:
        replies.append(Reply("\n".join(told), kind="staff"))
    effects = (StoreLines(post, paste),)
    if not paste.waiting:
        return Turn(tuple(replies), state, effects)
    if len(replies) > 1:
        replies = [Reply("\n".join(reply.text for reply in replies), kind="staff")]
    asked, after = _asked(len(paste.waiting), state)
    return Turn((*replies, asked), after, effects)


def _asked(count: int, state: State) -> tuple[Reply, State]:
    choices = (
        Choice("signed", say("cadre.all_signed")),
        Choice("document", say("cadre.by_document")),
    )
    reply = ask(say("cadre.ground", count=count), choices, key=GROUND, kind="staff")
    return reply, frames.enter(state, Cadre.name, GROUND)


def _grounded(wish: Ground, post: Post, paste: Paste, state: State) -> Turn:
    if wish.is_signed or wish.document:
        return _settled(wish, post, paste, state)
    if wish.is_answer or not post.document:
        return _told(say("cadre.which_document"), state)
    return _told(say("cadre.document", document=post.document), state)


def _settled(wish: Ground, post: Post, paste: Paste, state: State) -> Turn:
    if len(wish.document) > LONGEST:
        return _told(say("cadre.long_document", most=LONGEST), state)
    settles = SettleGround(post.areas[0], wish.document, post.staff.name)
    effects = (*((settles,) if wish.document else ()), StoreLines(post, paste))
    text = say("cadre.document", document=wish.document) if wish.document else ""
    done = pages.summary(paste) if paste.tried else text or say("cadre.nothing_waits")
    words = "\n".join(dict.fromkeys(filter(None, (text, done))))
    return Turn((Reply(words, kind="staff"),), state, effects)


def _dropped(number: int, post: Post, state: State) -> Turn:
    draft = next((one for one in post.drafts if one.number == number), None)
    if draft is None:
        return _told(say("cadre.no_such_line", number=number), state)
    return Turn(
        (Reply(say("cadre.dropped", number=number), kind="notice"),), state, (DropLine(draft.id),)
    )


def _left(page: int, paste: Paste, state: State) -> Turn:
    if not paste.tried:
        return _told(say("cadre.nothing_left"), state)
    first = min(page, 1 + (len(paste.tried) - 1) // pages.PAGE)
    text = pages.faults(paste.tried, max(first, 1), is_list=True)
    return Turn((Reply(text, kind="staff"),), state)


def _told(text: str, state: State) -> Turn:
    return Turn((Reply(text, kind="notice"),), state)
