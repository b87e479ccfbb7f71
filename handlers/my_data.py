"""我的信息: everything that is held, as a copy, and one answer changed at a time."""

from __future__ import annotations

from dataclasses import replace

from handlers import commands, frames, hearing, human_help
from handlers.choices import named, pick
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import OpenTicket
from handlers.forms import course
from handlers.forms.form import REGISTRATION, Form
from handlers.helping import held
from handlers.identity import by, chosen, is_proved, listed, question
from handlers.linked import Linking, channel_of
from handlers.projects import held as seeking
from handlers.prompts import ask, sheets
from handlers.registration.filling import CHECK, Filling, Here
from handlers.registration.onward import at, onward
from handlers.rooms import MY_DATA
from handlers.self_check import mending, telling
from handlers.texts import say, table
from handlers.wishes.flow import line as wished
from records.consents import PUSH
from records.messages import Inbound
from records.people import PHONE, Profile, Source, Status
from records.tickets import TicketKind
from registry.marks import WORDS

WHICH, PROOF, SHOW, CHANGE = "mine_which", "mine_proof", "mine", "mine_change"


class MyData:
    """我的信息, 导出, 改n."""

    name = MY_DATA

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        command = commands.of(message.text)
        if command in (Command.MINE, Command.EXPORT):
            return True
        is_elsewhere = state.flow != self.name and not frames.has_form(state)
        if is_elsewhere and _is_change(message.text, scene):
            return True
        return state.flow == self.name and _is_reply(message.text, state, scene)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        command = commands.of(message.text)
        if command in (Command.MINE, Command.EXPORT):
            return _begun(command is Command.EXPORT, state, scene)
        if state.flow != self.name:
            return _begun(False, state, scene, change=message.text)
        if command is Command.BACK:
            return Turn((Reply(say("mine.closed")),), frames.leave(state))
        if state.step == WHICH:
            return _named(message.text, state, scene)
        if state.step == PROOF:
            return _proved(message.text, state, scene)
        return _shown(message.text, state, scene)


def _is_change(text: str, scene: Scene) -> bool:
    """«改3» or «改电话»."""
    return bool(commands.changes(text) or course.called(scene.forms[REGISTRATION], text))


def _is_reply(text: str, state: State, scene: Scene) -> bool:
    """Whether a message answers what we asked; anything else is a new matter."""
    command = commands.of(text)
    if command is Command.BACK:
        return True
    if state.step == WHICH:
        return chosen(text, scene.profiles) is not None
    if state.step == PROOF:
        return command is None and not hearing.asks(text)
    if state.step == CHANGE:
        return _is_change(text, scene) or bool(hearing.numbers(text))
    return _is_change(text, scene) or command is Command.MORE or pick(text, "mine") is not None


def export_text(profile: Profile, form: Form, linking: Linking | None = None) -> str:
    """Everything held of a person, as text to keep or hand on (domain P-12)."""
    agreed = [
        say(
            "mine.consent",
            kind=_consent_name(said.kind),
            at=said.at.date().isoformat(),
            version=said.version,
        )
        for said in profile.said
        if said.given
    ]
    told = telling.lines(profile.told)
    beside = _beside(profile, linking or Linking())
    wanted = seeking.lines(profile.answers)
    return "\n".join((*course.listing(form, profile.answers), *wanted, *told, *beside, *agreed))


def _consent_name(kind: str) -> str:
    """What a consent is for, in the words of the notice."""
    return str(table("words")["consents"].get(kind, kind))


def _begun(is_export: bool, state: State, scene: Scene, *, change: str = "") -> Turn:
    known = scene.profiles
    if not known and Filling.of(frames.leave(state)).given:
        return _draft(frames.leave(state), scene)
    if not known:
        return Turn((Reply(_nothing(state, scene)),), frames.leave(state))
    wish = {"export": is_export, "change": change}
    if len(known) == 1:
        return _opened(known[0], frames.enter(state, MyData.name, SHOW, **wish), scene)
    reply = ask(say("mine.which"), listed(known), key=WHICH)
    return Turn((reply,), frames.enter(state, MyData.name, WHICH, **wish))


def _draft(state: State, scene: Scene) -> Turn:
    """What a form that is not finished holds so far (domain P-12)."""
    here = Here.of(state, scene)
    lines = course.summary(here.form, here.filling.given)
    first, second = sheets(lines, say("mine.draft"))[0]
    return Turn(tuple(Reply(text, kind="form") for text in (first, second) if text), state)


def _nothing(state: State, scene: Scene) -> str:
    home = scene.places.area(str(state.memory.get("area", "")))
    return say("mine.only_place", place=home.name) if home else say("mine.nothing")


def _named(text: str, state: State, scene: Scene) -> Turn:
    profile = chosen(text, scene.profiles)
    if profile is None:
        return Turn((Reply(say("mine.closed")),), frames.leave(state))
    return _prove(profile, state, scene, again=False)


def _prove(profile: Profile, state: State, scene: Scene, *, again: bool) -> Turn:
    asked = question(profile)
    if not asked:
        return _by_hand(state, scene)
    wish = {name: state.data.get(name) for name in ("export", "change")}
    after = frames.enter(state, MyData.name, PROOF, person=profile.id, again=again, **wish)
    text = say("mine.wrong", ask=asked) if again else say("mine.prove", ask=asked)
    return Turn((ask(text, key=PROOF),), after)


def _proved(text: str, state: State, scene: Scene) -> Turn:
    profile = by(scene.profiles, str(state.data.get("person", "")))
    if profile is None:
        return Turn((Reply(say("mine.closed")),), frames.leave(state))
    if is_proved(profile, text):
        return _opened(profile, state, scene)
    if state.data.get("again"):
        return _by_hand(state, scene)
    return _prove(profile, state, scene, again=True)


def _opened(profile: Profile, state: State, scene: Scene) -> Turn:
    """What was wished for, now that it is certain who asks."""
    if state.data.get("export"):
        return _copied(profile, state, scene)
    if state.data.get("change"):
        return _changed(str(state.data["change"]), profile, state, scene)
    return _page(profile, state, scene, 0)


def _copied(profile: Profile, state: State, scene: Scene) -> Turn:
    return Turn((Reply(copy_text(profile, scene), kind="file"),), frames.leave(state))


def copy_text(profile: Profile, scene: Scene) -> str:
    """The copy of everything that is held of a person."""
    told = export_text(profile, scene.forms[REGISTRATION], scene.linking)
    return "\n".join((told, *_word(profile, scene), *wished(scene), *held.whole(profile, scene)))


def _page(profile: Profile, state: State, scene: Scene, page: int) -> Turn:
    form = scene.forms[REGISTRATION]
    summary = course.summary(form, profile.answers, is_open=True)
    told = telling.lines(profile.told, numbered=True)
    also = (*_word(profile, scene), *wished(scene), *held.lines(profile, scene))
    beside = [*_beside(profile, scene.linking), *also]
    lines = [*summary, *told, *beside]
    pages = sheets(lines, say("mine.what"))
    number = page % len(pages)
    first, second = pages[number]
    words = (say("option.more_words"),) if len(pages) > 1 else ()
    reply = ask(second, named("mine"), key=SHOW, page=number, words=words)
    after = frames.enter(state, MyData.name, SHOW, person=profile.id, page=number)
    return Turn((Reply(first, kind="record"), reply), after)


def _shown(text: str, state: State, scene: Scene) -> Turn:
    profile = by(scene.profiles, str(state.data.get("person", "")))
    if profile is None:
        return Turn((Reply(say("mine.closed")),), frames.leave(state))
    if state.step == CHANGE or _is_change(text, scene):
        return _changed(text, profile, state, scene)
    if commands.of(text) is Command.MORE:
        return _page(profile, state, scene, int(state.data.get("page", 0)) + 1)
    if pick(text, "mine") == "copy":
        return _copied(profile, state, scene)
    after = frames.enter(state, MyData.name, CHANGE, person=profile.id)
    return Turn((ask(say("mine.change"), key=CHANGE),), after)


def _changed(text: str, profile: Profile, state: State, scene: Scene) -> Turn:
    form, phone = scene.forms[REGISTRATION], hearing.phone(text)
    number = commands.changes(text) or next(iter(hearing.numbers(text)), 0)
    told = telling.attr_of(number)
    if telling.phrase(told, profile.told):
        return mending.asked(told, profile, state)
    questions = course.called(form, text) or form.numbered(number)
    if not questions:
        return Turn((Reply(say("form.no_number", n=number)),), state)
    given = course.reopened(form, profile.answers, questions)
    filling = Filling(given=given, person=profile.id, is_correction=True)
    here = Here(filling, frames.leave(state), scene)
    if phone and any(question.id == PHONE for question in questions):
        return at(CHECK, here.holding(replace(filling, phone=phone)))
    return onward(here)


def _by_hand(state: State, scene: Scene) -> Turn:
    ticket = human_help.a_ticket(
        TicketKind.IDENTITY, say("mine.subject"), state, scene, working_days=3
    )
    text = say("erase.by_hand", number=ticket.number, until=human_help.promise(ticket, scene))
    return Turn((Reply(text, kind="notice"),), frames.leave(state), (OpenTicket(ticket),))


def _beside(profile: Profile, linking: Linking) -> list[str]:
    """What is held beside the answers: wishes, linked accounts, where the record comes from."""
    push = say("mine.push_yes") if profile.consents_to(PUSH) else say("mine.push_no")
    view = say("mine.personal") if profile.is_personal else say("mine.alike")
    return [f"{push} {view}", *_accounts(profile, linking), _source(profile)]


def _word(profile: Profile, scene: Scene) -> list[str]:
    """What somebody of the staff said of them, to be seen and objected to (domain 5.4)."""
    vouched = scene.standings.own.get(profile.id)
    if vouched is None:
        return []
    day, word = vouched.at.date().isoformat(), WORDS[vouched.word]
    if vouched.is_objected:
        return [say("mine.word_objected", by=vouched.by, day=day)]
    return [say("mine.word", by=vouched.by, day=day, word=word)]


def _accounts(profile: Profile, linking: Linking) -> list[str]:
    """The channels from which this person writes, where they are several."""
    others = linking.others(profile.id, profile.account)
    if not others:
        return []
    names = [channel_of(account) for account in (linking.account, *others)]
    return [say("link.here", channels="、".join(names))]


def _source(profile: Profile) -> str:
    if profile.status is Status.WITHDRAWN:
        return say("mine.withdrawn")
    if profile.source is Source.PROXY:
        return say("mine.from_proxy")
    if profile.source is Source.HOUSEHOLD:
        return say("mine.from_cadre")
    return say("mine.from_list") if profile.source is Source.BULK else say("mine.from_chat")
