"""A free question: for which place, the answer, what to do when the papers are silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from handlers import commands, consent, frames, hearing, human_help, places, welcome
from handlers.choices import Choice, by_number, by_word, pick
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import Effect, OpenTicket, RecordFeedback, RecordQuestion
from handlers.identity import living
from handlers.prompts import MOST_REPLIES, ask, is_short, parts
from handlers.texts import say
from knowledge.answer import Answer, Decision, Topic
from records.consents import CORE
from records.messages import Inbound, Option
from records.tickets import TicketKind

AREA, CHOOSE = "area", "choose"
FOLLOW_UP = timedelta(hours=2)  # how long a topic is taken up again
_BARE_PHONE = 20  # characters of a message that is little more than a number
_BARE_PLACE = 12
DOUBTFUL = 0.6  # answers less certain than this are shown to the editors
_CHINA = timezone(timedelta(hours=8))
_STATED = frozenset({Decision.ANSWER, Decision.OTHER_AREA, Decision.NOT_STATED})
_REAL = _STATED | {Decision.CLARIFY, Decision.HUMAN}
_OPEN = frozenset({Decision.UNKNOWN, Decision.NOT_STATED})
_MONEY = ("贷", "补贴", "补助", "贴息", "奖补", "担保", "资金")
_SAFETY, _CRISIS = "common-safety-", ("common-safety-crisis", "common-safety-emergency")
_BEYOND_GROUPS = frozenset(
    {Decision.SMALLTALK, Decision.OUT_OF_SCOPE, Decision.UNKNOWN, Decision.HUMAN}
)
_NO_PLACE = frozenset({Command.SKIP, Command.LATER})
_PAGING = frozenset({Command.DETAIL, Command.MORE, Command.POLICY})
# What the menu's services ask for, until they have flows of their own.
_SERVICES = {
    Command.PROJECTS: lambda: say("policy.projects"),
    Command.TRAINING: lambda: say("policy.training"),
}


class PolicyQuestion:
    """Whatever no other flow takes is a question."""

    name = "policy"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        return True

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        return (
            _commanded(message.text, frames.leave(state), scene)
            or _waiting(message.text, state, scene)
            or _paged(message.text, frames.leave(state))
            or _at_home(message.text, frames.leave(state), scene)
            or _told(message.text, frames.leave(state), scene)
        )


def aside(message: Inbound, state: State, scene: Scene) -> Turn | None:
    """The answer to a question in the middle of a form; None if it is none that we can answer."""
    answer = _asked(message.text, state, scene)
    if hearing.asks(message.text) or hearing.concerns(message.text):
        is_known = answer.decision in _REAL
    else:
        is_known = answer.decision in _STATED and answer.score >= DOUBTFUL
    return _turn(message.text, answer, state, scene) if is_known else None


def general(message: Inbound, state: State, scene: Scene) -> Turn:
    """The answer in a group: nothing about a person, and silence where we have nothing to say."""
    # Whoever speaks next in a group need not be who was asked: no second try there.
    asked = State(state.flow, state.step, {**state.data, "again": True}, state.memory)
    turn = _waiting(message.text, asked, scene)
    left = frames.leave(state)
    command = commands.of(message.text)
    if turn is None and command in _PAGING:
        turn = _commanded(message.text, left, scene)
    if turn is not None:
        return turn
    question = _SERVICES[command]() if command in _SERVICES else message.text
    answer = _asked(question, left, scene)
    if answer.decision in _BEYOND_GROUPS:
        return Turn((), left)
    if answer.missing_area or answer.decision is Decision.CLARIFY:
        return _turn(question, answer, left, scene)
    shown = parts(answer.text)
    after = _remembering(answer, left, scene).remember(pages=shown[MOST_REPLIES:])
    return Turn(_texts(answer, MOST_REPLIES), after)


def home_of(state: State, scene: Scene) -> str:
    """The code of the place whose rules hold for this person, as far as known."""
    homes = {profile.area for profile in living(scene.profiles) if profile.area}
    own = next(iter(homes)) if len(homes) == 1 else ""
    return str(state.memory.get("area", "")) or own or scene.area


def _waiting(text: str, state: State, scene: Scene) -> Turn | None:
    """The answer to what we asked back; None if there was nothing, or it is something else."""
    if state.flow != PolicyQuestion.name:
        return None
    question = str(state.data.get("question", ""))
    if state.step == AREA:
        return _placed(text, question, state, scene)
    offered = tuple(Choice(value, label) for label, value in state.data.get("choices", ()))
    codes = by_number(text, offered).codes or by_word(text, offered)
    place = places.find(text, scene.places).area
    if not codes and place is not None and not hearing.asks(text):
        codes = (f"{place.name}{question}",)
    return _told(codes[0], frames.leave(state), scene) if codes else None


def _placed(text: str, question: str, state: State, scene: Scene) -> Turn | None:
    found = places.find(text, scene.places)
    if found.area is not None and not hearing.asks(text):
        after = frames.leave(state).remember(area=found.area.code)
        return _told(question, after, scene)
    if commands.of(text) in _NO_PLACE or pick(text, "yes_no") == "no":
        return Turn((Reply(say("policy.no_place")),), frames.leave(state))
    if hearing.asks(text) or state.data.get("again"):
        return None
    reply = ask(say("policy.area_again"), key=AREA, kind="reply")
    return Turn(
        (reply,), frames.enter(state, PolicyQuestion.name, AREA, question=question, again=True)
    )


def _commanded(text: str, state: State, scene: Scene) -> Turn | None:
    command = commands.of(text)
    memory = state.memory
    if command is Command.POLICY:
        return Turn((Reply(say("policy.ask")),), state)
    if command in _SERVICES:
        return _told(_SERVICES[command](), state, scene)
    if command is Command.MORE and memory.get("pages"):
        return _more(state)
    if command in (Command.DETAIL, Command.UNCLEAR) and memory.get("detail"):
        return _more(state.remember(pages=parts(memory["detail"]), detail=""))
    if command in (Command.USEFUL, Command.USELESS) and memory.get("entries"):
        return _rated(command is Command.USEFUL, state, scene)
    return None


def _paged(text: str, state: State) -> Turn | None:
    """A bare number: the next page of an answer, or a phone nobody asked for."""
    if hearing.phone(text) and len(text) <= _BARE_PHONE:
        return Turn((Reply(say("policy.phone")),), state)
    return _more(state) if state.memory.get("pages") and hearing.numbers(text) == (9,) else None


def _at_home(text: str, state: State, scene: Scene) -> Turn | None:
    """A bare place out of the blue is where somebody is from."""
    found = places.find(text, scene.places)
    is_bare = found.area is not None and not found.detail and len(text) <= _BARE_PLACE
    if not is_bare or found.area is None or hearing.asks(text) or _topic(state, scene):
        return None
    reply = Reply(say("policy.home_noted", place=found.area.short))
    return Turn((reply,), state.remember(area=found.area.code))


def _more(state: State) -> Turn:
    pages = list(state.memory["pages"])
    shown, rest = pages[:MOST_REPLIES], pages[MOST_REPLIES:]
    replies = [Reply(page, kind="answer") for page in shown]
    if rest:
        replies[-1] = replace(replies[-1], options=(_word(say("option.more_words")),))
    return Turn(tuple(replies), state.remember(pages=rest))


def _rated(is_useful: bool, state: State, scene: Scene) -> Turn:
    entries = tuple(state.memory["entries"])
    effect = RecordFeedback(entries, home_of(state, scene), is_useful)
    after = state.remember(entries=[])
    if is_useful:
        return Turn((Reply(say("policy.useful")),), after, (effect,))
    subject = str(state.memory.get("question", ""))
    turn = human_help.offer(say("policy.useless"), subject, after, kind="reply")
    return Turn(turn.replies, turn.state, (effect,))


def _asked(question: str, state: State, scene: Scene) -> Answer:
    home = home_of(state, scene)
    topic = _topic(state, scene)
    return scene.answerer.answer(question, area=home or None, topic=topic, now=scene.now)


def _told(question: str, state: State, scene: Scene) -> Turn:
    return _turn(question, _asked(question, state, scene), state, scene)


def _turn(question: str, answer: Answer, state: State, scene: Scene) -> Turn:
    effects = _recorded(question, answer, state, scene)
    if answer.missing_area:
        reply = ask(say("policy.which_area"), key=AREA, kind="reply")
        after = frames.enter(state, PolicyQuestion.name, AREA, question=question)
        return Turn((reply,), after, effects)
    if answer.decision is Decision.CLARIFY and answer.choices:
        return _clarified(question, answer, state)
    if answer.decision is Decision.HUMAN:
        return _handed_over(question, answer, state, scene)
    if answer.decision is Decision.SMALLTALK and scene.is_new:
        return Turn((welcome.menu(),), welcome.at_menu(state))
    after = _remembering(answer, state, scene, question)
    if answer.decision in _OPEN and not frames.is_asking(state):
        return _unanswered(question, answer, after, effects)
    return _answered(question, answer, after, scene, effects=effects)


def _answered(
    question: str, answer: Answer, state: State, scene: Scene, *, effects: tuple[Effect, ...]
) -> Turn:
    room = 1 if scene.is_new or frames.is_asking(state) else MOST_REPLIES
    replies = list(_texts(answer, room))
    rest = parts(answer.text)[room:]
    warned = _warning_due(question, answer, state, scene)
    together = f"{replies[-1].text}\n{say('policy.fraud')}"
    if warned and is_short(together):
        replies[-1] = replace(replies[-1], text=together)
    elif warned:
        replies.append(Reply(say("policy.fraud"), kind="notice"))
    if not frames.is_asking(state):
        options = _afterwards(answer, has_more=bool(rest), invites=_may_invite(state, scene))
        replies[-1] = replace(replies[-1], options=options)
    after = state.remember(pages=rest)
    return Turn(tuple(replies), _warned(after, scene) if warned else after, effects)


def _unanswered(question: str, answer: Answer, state: State, effects: tuple[Effect, ...]) -> Turn:
    """The papers are silent, or we do not know: say so and offer a call."""
    missed = int(state.memory.get("misses", 0))
    text = answer.text
    if answer.decision is Decision.UNKNOWN:
        text = say("policy.unknown") if missed % 2 == 0 else say("policy.unknown_again")
        state = state.remember(misses=missed + 1)
    pages = parts(text)
    last = f"{pages[-1]}\n{say('policy.offer')}"
    lead = [Reply(page, kind="answer") for page in pages[:-1]]
    if not is_short(last):
        lead.append(Reply(pages[-1], kind="answer"))
        last = say("policy.offer")
    turn = human_help.offer(last, question, state, kind="answer")
    return Turn((*lead[-1:], *turn.replies), turn.state, effects)


def _clarified(question: str, answer: Answer, state: State) -> Turn:
    offered = tuple(Choice(c.value, c.label) for c in answer.choices)
    reply = ask(answer.text, offered, key=CHOOSE, kind="reply")
    pairs = [[choice.label, choice.value] for choice in answer.choices]
    return Turn(
        (reply,),
        frames.enter(state, PolicyQuestion.name, CHOOSE, question=question, choices=pairs),
    )


def _handed_over(question: str, answer: Answer, state: State, scene: Scene) -> Turn:
    safety = [entry for entry in answer.entries if entry.startswith(_SAFETY)]
    if not safety:
        return human_help.opened(question, state, scene)
    replies = tuple(Reply(part, kind="notice") for part in parts(answer.text))
    if safety[0] not in _CRISIS:
        return Turn(replies, state)
    ticket = human_help.a_ticket(TicketKind.DANGER, question, state, scene, is_flagged=True)
    return Turn(replies, state, (OpenTicket(ticket),))


def _texts(answer: Answer, room: int) -> tuple[Reply, ...]:
    return tuple(Reply(part, kind="answer") for part in parts(answer.text)[:room])


def _may_invite(state: State, scene: Scene) -> bool:
    """Whether to offer registering: not to who has, nor too soon after a no (domain P-26)."""
    noes = consent.refusals(state, CORE)
    return not scene.profiles and consent.may_ask(noes, scene.now)


def _afterwards(answer: Answer, *, has_more: bool, invites: bool) -> tuple[Option, ...]:
    """What one may say to an answer."""
    if answer.decision not in (Decision.ANSWER, Decision.OTHER_AREA):
        return (_word(say("option.home")),)
    more = (_word(say("option.more_words")),) if has_more else ()
    detail = (_word(say("option.detail")),) if answer.detail else ()
    invitation = (_word(say("option.register")),) if invites else ()
    rating = (_word(say("option.useful")), _word(say("option.useless")))
    return (*more, *detail, *rating, *invitation)


def _recorded(question: str, answer: Answer, state: State, scene: Scene) -> tuple[Effect, ...]:
    """What the editors should see: questions left open, and answers that were a guess."""
    is_guess = answer.decision is Decision.ANSWER and answer.score < DOUBTFUL
    is_unknown = answer.decision is Decision.OUT_OF_SCOPE and not answer.entries
    if answer.decision not in _OPEN and not is_guess and not is_unknown:
        return ()
    area = answer.topic.area if answer.topic and answer.topic.area else home_of(state, scene)
    text = hearing.masked(question)
    return (RecordQuestion(text, area, answer.decision.value, answer.score),)


def _remembering(answer: Answer, state: State, scene: Scene, question: str = "") -> State:
    """What the next question may lean on."""
    facts: dict[str, Any] = {"entries": list(answer.entries), "detail": answer.detail}
    if question:
        facts["question"] = hearing.masked(question)
    if answer.decision is not Decision.UNKNOWN:
        facts["misses"] = 0
    if answer.topic is not None:
        facts["topic"] = answer.topic.as_dict()
        facts["topic_at"] = scene.now.isoformat()
    return state.remember(**facts)


def _topic(state: State, scene: Scene) -> Topic | None:
    kept, at = state.memory.get("topic"), state.memory.get("topic_at")
    if not kept or not at or scene.now - datetime.fromisoformat(at) > FOLLOW_UP:
        return None
    return Topic.from_dict(kept)


def _warning_due(question: str, answer: Answer, state: State, scene: Scene) -> bool:
    """Whether this answer is about money and nobody was warned today (domain M-13)."""
    if answer.decision not in (Decision.ANSWER, Decision.OTHER_AREA):
        return False
    about = f"{question}{answer.text}{answer.topic.matter if answer.topic else ''}"
    is_money = any(word in about for word in _MONEY)
    return is_money and not scene.is_new and state.memory.get("warned") != _day(scene)


def _warned(state: State, scene: Scene) -> State:
    return state.remember(warned=_day(scene))


def _day(scene: Scene) -> str:
    return scene.now.astimezone(_CHINA).date().isoformat()


def _word(text: str) -> Option:
    return Option(text, text)
