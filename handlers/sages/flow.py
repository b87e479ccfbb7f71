"""乡贤通讯录: its people say yes, no, or no more; the county asks, looks and takes it along."""

from __future__ import annotations

from handlers import consent, frames
from handlers.choices import Choice, by_number
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.identity import living
from handlers.person_effects import NoteConsent
from handlers.prompts import ask
from handlers.sages.effects import AskSages, NoteExport
from handlers.sages.words import Answer, Desk, answer_of
from handlers.texts import say
from outreach.calendars import CHINA
from records.consents import DIRECTORY, DIRECTORY_PHONE, Said
from records.messages import Inbound
from records.people import Profile
from records.staff_accounts import Staff
from registry import address_book

_ASKED = "book"
_MOST = 20  # lines of a list
_GIVEN = {
    Answer.WITH_PHONE: (True, True),
    Answer.NAME_ONLY: (True, False),
    Answer.NO: (False, False),
}


class AddressBook:
    """上通讯录, 退出通讯录 of 乡贤; 通讯录, 通讯录 全文, 通讯录 请, 结对 of the county."""

    name = "address_book"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        seen = scene.standings.seen
        if message.is_group or frames.is_asking(state):
            return False
        if state.flow == self.name and by_number(message.text, _answers()).codes:
            return True
        return seen.wish is not None or (seen.is_own and _answer(message) is not None)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        here, staff, wish = frames.leave(state), scene.counter.staff, scene.standings.seen.wish
        if staff is not None and wish is not None:
            return _of_desk(wish, staff, here, scene)
        own = scene.standings.seen.own or state.data.get("own", ())
        people = [p for p in living(scene.profiles) if p.id in own]
        codes = by_number(message.text, _answers()).codes
        answer = Answer(codes[0]) if codes else _answer(message)
        if not people:
            return _told(say("sages.not_listed"), here)
        if answer is None or answer is Answer.ASK:
            asked = frames.enter(state, self.name, _ASKED, own=[p.id for p in people])
            return Turn((_question(people[0]),), asked)
        given = _GIVEN[answer]
        effects = tuple(effect for p in people for effect in _said(p, given, scene))
        return Turn((Reply(_thanks(answer), kind="notice"),), here, effects)


def _answer(message: Inbound) -> Answer | None:
    return answer_of(message.extra.get(TYPED) or message.text)


def _question(person: Profile) -> Reply:
    now = say("sages.now_in") if person.consents_to(DIRECTORY) else say("sages.now_out")
    return ask(say("sages.ask", now=now), _answers(), key=_ASKED, kind="reply")


def _answers() -> tuple[Choice, ...]:
    return (
        Choice(Answer.WITH_PHONE, say("sages.with_phone")),
        Choice(Answer.NAME_ONLY, say("sages.name_only")),
        Choice(Answer.NO, say("sages.no")),
    )


def _thanks(answer: Answer) -> str:
    if answer is Answer.WITH_PHONE:
        return say("sages.in_with_phone")
    return say("sages.in_by_name") if answer is Answer.NAME_ONLY else say("sages.out")


def _said(person: Profile, given: tuple[bool, bool], scene: Scene) -> tuple[NoteConsent, ...]:
    kinds = zip((DIRECTORY, DIRECTORY_PHONE), given, strict=True)
    version = consent.version()
    return tuple(NoteConsent(person.id, Said(k, yes, scene.now, version)) for k, yes in kinds)


def _of_desk(wish: Desk, staff: Staff, state: State, scene: Scene) -> Turn:
    if wish is Desk.PAIRS:
        return _told(_pairs(scene), state, kind="staff")
    if wish is Desk.INVITE:
        return _invited(staff, state, scene)
    book = scene.standings.seen.book
    if not book.listed:
        return _told(say("sages.empty", others=len(book.others)), state)
    if wish is Desk.COPY:
        text = "\n".join((say("sages.copy_head"), *address_book.as_text(book.listed)))
        effect = NoteExport(book, staff.name)
        return Turn((Reply(text, kind="file"),), state, (effect,))
    head = say("sages.head", agreed=len(book.agreed), others=len(book.others))
    lines = address_book.as_text([address_book.masked(one) for one in book.listed[:_MOST]])
    left = len(book.listed) - len(lines)
    more = [say("standing.more", count=left)] if left else []
    return _told("\n".join((head, *lines, *more, say("sages.how"))), state, kind="staff")


def _invited(staff: Staff, state: State, scene: Scene) -> Turn:
    ids = scene.standings.seen.askable
    if not ids:
        return _told(say("sages.nobody_to_ask"), state)
    effect = AskSages(ids, staff.name)
    text = say("sages.asked", count=len(ids))
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _pairs(scene: Scene) -> str:
    pairs = scene.standings.seen.pairs
    if not pairs:
        return say("sages.no_pairs")
    lines = []
    for sage, person in pairs[:_MOST]:
        at = sage.contacted_at
        day = at.astimezone(CHINA).date().isoformat() if at else say("standing.never")
        lines.append(f"{person.nickname} {person.phone[-4:]}，{day}")
    return "\n".join((say("sages.pairs", count=len(pairs)), *lines, say("sages.how_met")))


def _told(text: str, state: State, *, kind: str = "notice") -> Turn:
    return Turn((Reply(text, kind=kind),), state)
