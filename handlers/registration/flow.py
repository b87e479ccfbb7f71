"""The flow of a form: each message is a command, an answer, a side question, or a failed try."""

from __future__ import annotations

from dataclasses import replace

from handlers import commands, frames, hearing, human_help, policy_question
from handlers.choices import Choice, pick_from
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.forms import course, reading
from handlers.forms.form import REGISTRATION, Kind, Question
from handlers.forms.reading import Place, Reading
from handlers.identity import living
from handlers.registration import closing, opening
from handlers.registration.asking import stuck_choices
from handlers.registration.filling import (
    APART,
    CHECK,
    CONFIRM,
    CONSENT,
    MATCH,
    RESUME,
    STUCK,
    WHO,
    Filling,
)
from handlers.registration.onward import again, at, failed, onward, parked
from handlers.texts import say
from handlers.welcome import menu
from records.messages import Inbound, InboundKind

_FREE = frozenset({Kind.NAME, Kind.TEXT})
_OPENERS = frozenset({Command.REGISTER, Command.RESUME})
_STEPS = {
    WHO: opening.who,
    CONSENT: opening.agreed,
    RESUME: opening.resumed,
    CHECK: closing.checked,
    MATCH: closing.matched,
    CONFIRM: closing.confirmed,
}


class Registration:
    """登记, for oneself or for others, and every question of it."""

    name = frames.FORM

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if frames.is_asking(state):
            return True
        command = commands.of(message.text)
        if command is Command.RESUME:
            return frames.has_form(state)
        return command is Command.REGISTER or commands.for_another(message.text)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        if commands.for_another(message.text):
            return opening.for_another(state, scene)
        if not frames.is_asking(state):
            return opening.start(state, scene)
        filling = Filling.of(state)
        if hearing.is_child(message.text):
            return Turn((Reply(say("form.too_young")),), frames.drop_form(state))
        turn = _commanded(message.text, filling, state, scene)
        if turn is None and filling.rested(scene.now) and filling.given:
            turn = _returned(message, filling, state, scene)
        return turn or _answered(message, filling, state, scene)


def _commanded(text: str, filling: Filling, state: State, scene: Scene) -> Turn | None:
    command = commands.of(text)
    number = commands.changes(text)
    if number and state.step not in (WHO, CONSENT):
        return closing.changed(number, filling, state, scene)
    if command is Command.BACK:
        return _back(filling, state, scene)
    if command is Command.RESTART:
        return opening.restarted(filling, state, scene)
    if command is Command.LATER and state.step != CONSENT:
        return parked(filling, state, scene)
    if command in _OPENERS and state.step not in (CONSENT, RESUME):
        return at(state.step, filling, state, scene)
    return None


def _back(filling: Filling, state: State, scene: Scene) -> Turn:
    if state.step in (STUCK, RESUME):
        return onward(filling.fresh(), state, scene)
    if state.step == CHECK:
        return onward(filling.fresh(), state, scene)
    if filling.trail:
        return onward(filling.undone(), state, scene)
    left = parked(filling, state, scene)
    return Turn((*left.replies, menu()), left.state)


def _returned(message: Inbound, filling: Filling, state: State, scene: Scene) -> Turn | None:
    """After a while away: a plain answer counts, a question is answered, else we ask to go on."""
    question = filling.shape(scene).question(state.step)
    if question is None:
        return None
    if _plain(question, message.text, filling, scene) is not None:
        return None
    is_question = hearing.asks(message.text) or hearing.concerns(message.text)
    side = _side(message, state, scene) if is_question else None
    return side or at(RESUME, filling.fresh(), state, scene)


def _plain(question: Question, text: str, filling: Filling, scene: Scene) -> Reading | None:
    exact = reading.exactly(question, text, scene.places, _place(filling))
    if exact is None and question.kind is Kind.PLACE:
        found = reading.loosely(question, text, scene.places, _place(filling))
        return found if found and not found.problem else None
    return exact


def _answered(message: Inbound, filling: Filling, state: State, scene: Scene) -> Turn:
    text, step = message.text, state.step
    if step.startswith(APART):
        turn = opening.apart(text, step.removeprefix(APART), filling, state, scene)
    elif step == STUCK:
        turn = _unstuck(message, filling, state, scene)
    elif step in _STEPS:
        turn = _STEPS[step](text, filling, state, scene)
    else:
        turn = _question(message, filling, state, scene)
    return turn or _side(message, state, scene) or _lost(filling, state, scene)


def _question(message: Inbound, filling: Filling, state: State, scene: Scene) -> Turn | None:
    question = filling.shape(scene).question(state.step)
    if question is None:
        return onward(filling.fresh(), state, scene)
    text, place = message.text, _place(filling)
    command = commands.of(text)
    if command is Command.UNCLEAR:
        return failed(question, filling, state, scene, question.help)
    exact = reading.exactly(question, text, scene.places, place)
    if exact is not None:
        return _read(exact, question, message, filling, state, scene)
    if command is Command.SKIP:
        return _skipped(question, filling, state, scene)
    is_aside = hearing.asks(text) or hearing.concerns(text)
    side = _side(message, state, scene) if is_aside else None
    if side is not None:
        return side
    if question.kind in _FREE and (hearing.asks(text) or hearing.is_chatter(text)):
        return failed(question, filling, state, scene, say("form.first_this"))
    loose = reading.loosely(question, text, scene.places, place)
    if loose is not None and not loose.problem:
        return _read(loose, question, message, filling, state, scene)
    side = _side(message, state, scene) if not is_aside and len(text) > 3 else None
    hint = loose.problem if loose else question.help
    return side or failed(question, filling, state, scene, hint)


def _read(
    found: Reading,
    question: Question,
    message: Inbound,
    filling: Filling,
    state: State,
    scene: Scene,
) -> Turn:
    if found.problem:
        return failed(question, filling, state, scene, found.problem)
    if found.more:
        turned = replace(filling, page=filling.page + 1, picked=found.picked)
        return at(question.id, turned, state, scene)
    choice = _choice(question, found)
    if choice is not None and choice.ends:
        return Turn((Reply(say("form.too_young")),), frames.drop_form(state))
    state = _home_remembered(found, filling, state, scene)
    answered = filling.filled(found.values) if found.values else filling.fresh()
    if found.phone:
        numbered = replace(answered, phone=found.phone)
        if message.kind is InboundKind.CONTACT:
            return closing.with_phone(replace(numbered, is_own_phone=True), state, scene)
        return at(CHECK, numbered, state, scene)
    return onward(answered, state, scene, remark=choice.remark if choice else "")


def _home_remembered(found: Reading, filling: Filling, state: State, scene: Scene) -> State:
    """Questions are answered for this home at once; a second person's is not the account's."""
    area = found.values.get("home_place")
    is_first = not [p for p in living(scene.profiles) if p.id != filling.person]
    if area and is_first and filling.form == REGISTRATION:
        return state.remember(area=str(area))
    return state


def _skipped(question: Question, filling: Filling, state: State, scene: Scene) -> Turn:
    if question.required:
        return failed(question, filling, state, scene, say("form.needed"))
    return onward(filling.filled({question.id: None}), state, scene)


def _unstuck(message: Inbound, filling: Filling, state: State, scene: Scene) -> Turn | None:
    question = course.following(filling.shape(scene), filling.given)
    code = pick_from(message.text, stuck_choices(filling, scene))
    if code == "human":
        return human_help.opened(message.text, state, scene)
    if code == "later" or question is None:
        return parked(filling, state, scene)
    if code == "skip" and not question.required:
        return onward(filling.filled({question.id: None}), state, scene)
    if code == "again":
        return onward(filling.fresh(), state, scene)
    exact = _plain(question, message.text, filling, scene)
    if exact is not None and not exact.problem:
        return _read(exact, question, message, filling, state, scene)
    return _side(message, state, scene) or parked(filling, state, scene)


def _side(message: Inbound, state: State, scene: Scene) -> Turn | None:
    """A question in the middle of the form: answered, then the form goes on."""
    turn = policy_question.aside(message, state, scene)
    if turn is None or not frames.is_asking(turn.state):
        return turn
    asked = again(turn.state, scene)
    return Turn((*turn.replies, *asked.replies[-1:]), asked.state, turn.effects)


def _lost(filling: Filling, state: State, scene: Scene) -> Turn:
    """A step that is no question of the file was not understood."""
    tried = replace(filling, tries=filling.tries + 1)
    if tried.tries > 1:
        return parked(tried, state, scene)
    return at(state.step, tried, state, scene, remark=say("form.not_understood"))


def _choice(question: Question, found: Reading) -> Choice | None:
    value = found.values.get(question.id)
    return question.choice(value) if isinstance(value, str) else None


def _place(filling: Filling) -> Place:
    return Place(filling.page, filling.picked, filling.tries)
