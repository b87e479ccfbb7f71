"""Helpers in a chat: their lists, a dossier, a contact told of in one line (domain F-VISIT)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers import frames
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.helping import pages, passing
from handlers.helping.caseload import HELPERS, Dossier
from handlers.helping.effects import LogVisit, ReadDossier, TakeBackVisit
from handlers.helping.relay_words import Message, message_of
from handlers.helping.words import Entry, Listing, Look, Wish, wish_of
from handlers.human_help import TYPED
from handlers.texts import say
from outreach.calendars import CHINA
from records.messages import Inbound
from records.visits import VisitKind


class Helping:
    """今天, 我的人, 看3号, 回访 3号 …, 给3号 …, 撤回 of commissioners and mentors."""

    name = "helping"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        staff = scene.counter.staff
        is_helper = staff is not None and staff.role in HELPERS
        if not is_helper:
            return False
        wish = _wish(message, scene)
        if isinstance(wish, Entry) and wish.is_loose and not scene.caseload.called(wish.name):
            return _message(message) is not None
        return (wish or _message(message)) is not None

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish, words = _wish(message, scene), _message(message)
        here = frames.leave(state)
        # 给3号打电话没接 is no message to 3号.
        is_told = isinstance(wish, Entry) and wish.told.kind is VisitKind.NO_ANSWER
        if words is not None and not is_told:
            return passing.passed(words, here, scene)
        match wish:
            case Listing():
                return _told(pages.listing(wish, scene.caseload, scene.forms, _today(scene)), here)
            case Look():
                return _looked(wish, here, scene)
            case Entry():
                return _entered(wish, here, scene)
            case _:
                return _taken_back(here, scene)


def _today(scene: Scene) -> date:
    return scene.now.astimezone(CHINA).date()


def _wish(message: Inbound, scene: Scene) -> Wish | None:
    return wish_of(message.extra.get(TYPED) or message.text, _today(scene))


def _message(message: Inbound) -> Message | None:
    return message_of(message.extra.get(TYPED) or message.text)


def _looked(wish: Look, state: State, scene: Scene) -> Turn:
    dossier = scene.caseload.numbered(wish.number)
    if dossier is None:
        return _told(say("helping.unknown", number=wish.number), state)
    text = pages.dossier(dossier, scene.forms, _today(scene))
    reply = Reply(text, kind="staff", about=dossier.profile.id)
    return Turn((reply,), state, (ReadDossier(dossier.assigned),))


def _entered(wish: Entry, state: State, scene: Scene) -> Turn:
    if wish.is_several:
        return _told(say("helping.one_each"), state)
    found = _meant(wish, scene)
    if len(found) != 1:
        return _told(_not_one(wish, found), state)
    dossier = found[0]
    if wish.is_unclear:
        return _told(say("helping.bad_day", day=wish.is_unclear), state)
    if _is_empty(wish):
        return _told(say("helping.empty", number=dossier.number), state)
    text = pages.logged(dossier, wish, _today(scene))
    effect = LogVisit(dossier.assigned, wish.told, wish.next_on)
    return Turn((Reply(text, kind="notice", about=dossier.profile.id),), state, (effect,))


def _meant(wish: Entry, scene: Scene) -> Sequence[Dossier]:
    if not wish.number:
        return scene.caseload.called(wish.name)
    numbered = scene.caseload.numbered(wish.number)
    return (numbered,) if numbered else ()


def _not_one(wish: Entry, found: Sequence[Dossier]) -> str:
    if wish.number:
        return say("helping.unknown", number=wish.number)
    if not found:
        return say("helping.nobody_called", name=wish.name)
    numbers = "、".join(f"{one.number}号" for one in found)
    return say("helping.several_called", name=wish.name, numbers=numbers)


def _is_empty(wish: Entry) -> bool:
    """A verb and a number alone do not say whether anybody answered."""
    told = wish.told
    is_bare = not (told.light or told.standing or told.gifts or told.minutes or told.note)
    return told.kind is VisitKind.CALL and is_bare


def _taken_back(state: State, scene: Scene) -> Turn:
    last = scene.caseload.last
    mine = (one for one in scene.caseload.dossiers if last and one.profile.id == last[1])
    dossier = next(mine, None)
    if last is None or dossier is None:
        return _told(say("helping.nothing_to_take_back"), state)
    text = say("helping.taken_back", number=dossier.number, name=pages.name_of(dossier))
    reply = Reply(text, kind="notice", about=dossier.profile.id)
    return Turn((reply,), state, (TakeBackVisit(*last),))


def _told(text: str, state: State) -> Turn:
    return Turn((Reply(text, kind="notice"),), state)
