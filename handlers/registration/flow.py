"""The flow of a form: each message is a command, an answer, a side question, or a failed try."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers import commands, frames, hearing, human_help, places, policy_question
from handlers.choices import Choice, pages, pick, pick_from
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.forms import course, reading
from handlers.forms.form import REGISTRATION, Kind, Question
from handlers.forms.reading import Place, Reading
from handlers.policy_answer import AREA
from handlers.registration import closing, homes, opening, volunteered
from handlers.registration.asking import more_reply, stuck_choices
from handlers.registration.filling import (
    APART,
    CHECK,
    CONFIRM,
    CONSENT,
    MATCH,
    RESUME,
    STUCK,
    WHO,
    Here,
)
from handlers.registration.onward import (
    at,
    failed,
    home_remembered,
    once_more,
    onward,
    parked,
)
from handlers.texts import say
from handlers.welcome import menu
from records.messages import Inbound, InboundKind

_FREE = frozenset({Kind.NAME, Kind.TEXT})
_OPENERS = frozenset({Command.REGISTER, Command.RESUME})
_HOME, _VILLAGE = "home_place", "home_village"
_WHY = re.compile(
    r"(?:为啥|为什么|为何|凭啥).{0,6}(?:问|要|填|说)|(?:问|要|填|说).{0,6}(?:干啥|干嘛|干什么|做什么|做啥|啥用|什么用)"
)
_LONGEST_WHY = 14
_MEANS = re.compile(r"^(?:啥|什么|怎么?样?)(?:是|叫|算)|(?:啥|什么)意思|(?:怎么|咋)(?:选|填|算)")
_BY_THE_WAY = re.compile(r"(.{1,20}?)[\s,，。;；]*(?:对了|顺便|另外)[,，]?(?:问一?下)?(.{4,})")
_SHORT = 3  # characters in which nobody asks anything
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
        if frames.has_form(state) and (command is Command.RESUME or _is_change(message, scene)):
            return True
        return command is Command.REGISTER or commands.for_another(message.text)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        if commands.for_another(message.text):
            return opening.for_another(state, scene)
        if not frames.is_asking(state):
            here = Here.of(frames.leave(state), scene).fresh()
            return closing.changed(message.text, here) or opening.start(state, scene)
        if hearing.is_child(message.text):
            return _too_young(state)
        here = Here.of(state, scene)
        return (
            _commanded(message.text, here)
            or _returned(message, here)
            or _answered(message, here)
            or _side(message, here)
            or _lost(here)
        )


def _is_change(message: Inbound, scene: Scene) -> bool:
    form = scene.forms[REGISTRATION]
    return bool(commands.changes(message.text) or course.called(form, message.text))


def _commanded(text: str, here: Here) -> Turn | None:
    command, step = commands.of(text), here.state.step
    if step not in (WHO, CONSENT):
        changed = closing.changed(text, here)
        if changed is not None:
            return changed
    if command is Command.BACK:
        return _back(here)
    if command is Command.RESTART:
        return opening.restarted(here)
    if command is Command.LATER and step != CONSENT:
        return parked(here)
    if command in _OPENERS and step not in (CONSENT, RESUME):
        return at(step, here)
    return None


def _back(here: Here) -> Turn:
    if here.state.step in (STUCK, RESUME, CHECK):
        return onward(here.fresh())
    if here.filling.trail:
        return onward(here.holding(here.filling.undone()))
    left = parked(here)
    return Turn((*left.replies, menu(here.scene.now)), left.state)


def _returned(message: Inbound, here: Here) -> Turn | None:
    """After a while away: a plain answer counts, a question is answered, else we ask to go on."""
    question = here.form.question(here.state.step)
    was_away = here.filling.rested(here.scene.now) and here.filling.given
    if question is None or not was_away or _plain(question, message.text, here) is not None:
        return None
    side = _side(message, here) if _is_aside(message.text) else None
    return side or at(RESUME, here.fresh())


def _answered(message: Inbound, here: Here) -> Turn | None:
    text, step = message.text, here.state.step
    if step.startswith(APART):
        return opening.apart(text, here)
    if step == STUCK:
        return _unstuck(message, here)
    if step in _STEPS:
        return _STEPS[step](text, here)
    question = here.form.question(step)
    if question is None:
        return onward(here.fresh())
    return (
        _with_aside(message, here)
        or _plainly(question, message, here)
        or _freely(question, message, here)
    )


def _with_aside(message: Inbound, here: Here) -> Turn | None:
    """«东莞，对了岗位补贴多少»: an answer and a question in one breath."""
    found = _BY_THE_WAY.fullmatch(message.text)
    if found is None or not _is_aside(found.group(2)):
        return None
    answered = _answered(replace(message, text=found.group(1)), here)
    if answered is None or not frames.is_asking(answered.state):
        return None
    told = policy_question.aside(found.group(2), answered.state, here.scene)
    if told is None or not frames.is_asking(told.state) or answered.state.step == here.state.step:
        return None
    return Turn((*told.replies[:1], *answered.replies[-1:]), told.state, told.effects)


def _plainly(question: Question, message: Inbound, here: Here) -> Turn | None:
    """A message that can be nothing else than an answer, or a word that means the same always."""
    picked = _picked(question, message, here)
    if picked is not None:
        return picked
    exact = reading.exactly(question, message.text, _place(here))
    command = commands.of(message.text)
    if command is Command.UNCLEAR:
        return failed(question, here, question.help)
    if command is Command.MORE:
        return _turned(question, here)
    if exact is not None:
        is_own = message.kind is InboundKind.CONTACT
        return _read(exact, question, here, is_own=is_own)
    if command is not Command.SKIP and not _leaves_out(question, message.text):
        return None
    if question.required:
        return failed(question, here, say("form.needed"))
    return onward(homes.left_out(question.id, here))


def _picked(question: Question, message: Inbound, here: Here) -> Turn | None:
    """One of several tapped: a tap says no more than one, so ask for the rest."""
    is_enough = hearing.is_enough(message.text) or commands.of(message.text) is Command.SKIP
    if here.filling.picked and is_enough:
        return onward(here.filled({question.id: list(here.filling.picked)}))
    exact = reading.exactly(question, message.text, _place(here))
    if message.kind is not InboundKind.OPTION or exact is None or exact.problem or exact.more:
        return None
    codes = exact.values.get(question.id)
    chosen = [c for c in question.choices if isinstance(codes, list) and c.code in codes]
    if not chosen or len(chosen) >= question.most or any(c.alone for c in chosen):
        return None
    held = here.holding(replace(here.filling, picked=tuple(c.code for c in chosen), tries=0))
    labels = "、".join(c.label for c in chosen)
    hint = say("form.picked", chosen=labels, left=question.most - len(chosen))
    return Turn((more_reply(question, held, hint),), held.stand(question.id))


def _leaves_out(question: Question, text: str) -> bool:
    """Whether a message says that one cannot or will not answer what need not be answered."""
    is_contact = question.kind in (Kind.NAME, Kind.PHONE)
    is_no = hearing.is_unsure(text) or (is_contact and pick(text, "yes_no") == "no")
    return is_no and not question.required


def _turned(question: Question, here: Here) -> Turn:
    """«更多»: the next page of the options, or that there is none."""
    if pages(question.choices) == 1:
        return failed(question, here, say("form.no_more"))
    page = here.filling.page + 1
    return at(question.id, here.holding(replace(here.filling, page=page)))


def _freely(question: Question, message: Inbound, here: Here) -> Turn | None:
    """A message that may be an answer in own words, or a question of the person's."""
    text, is_aside = message.text, _is_aside(message.text)
    if len(text) <= _LONGEST_WHY and _WHY.search(text):
        return at(question.id, here, remark=say("form.why", purpose=question.purpose))
    side = _side(message, here) if is_aside else None
    if side is not None:
        return side
    if question.kind in _FREE and (hearing.asks(text) or hearing.is_chatter(text)):
        return failed(question, here, say("form.first_this"))
    if question.choices and _MEANS.search(text):
        return at(question.id, here, remark=question.help)
    told = (
        _nearby(question, text, here)
        or _narrowed(text, here)
        or volunteered.taken(text, question, here)
    )
    if told is not None:
        return told
    loose = reading.loosely(question, text, here.scene.places, _place(here))
    if loose is not None and not loose.problem:
        return _read(loose, question, here)
    side = _side(message, here) if not is_aside and len(text) > _SHORT else None
    return side or failed(question, here, loose.problem if loose else question.help)


def _nearby(question: Question, text: str, here: Here) -> Turn | None:
    """Another village of the same county, said where a home is corrected."""
    values = homes.same_county(text, here)
    if values is None or places.find(text, here.scene.places).area is not None:
        return None
    return _read(Reading(values), question, here)


def _narrowed(text: str, here: Here) -> Turn | None:
    """The county, said where the village was asked because only a city had been named."""
    home, found = here.scene.places.area(str(here.answers.get(_HOME))), None
    if here.state.step == _VILLAGE and home is not None and not places.is_exact(home):
        found = places.find(text, here.scene.places).area
    question = here.form.question(_HOME)
    if found is None or home is None or question is None or found.code == home.code:
        return None
    if home.code not in here.scene.places.lineage(found.code):
        return None
    county = reading.loosely(question, text, here.scene.places, Place(tries=1))
    return _read(county, question, here) if county and not county.problem else None


def _read(found: Reading, question: Question, here: Here, *, is_own: bool = False) -> Turn:
    if found.problem:
        return failed(question, here, found.problem)
    if found.more:
        page = here.filling.page + 1
        return at(question.id, here.holding(replace(here.filling, page=page, picked=found.picked)))
    choice = _choice(question, found)
    if choice is not None and choice.ends:
        return _too_young(here.state)
    home = homes.settled(found.values, here)
    if home.doubt and question.id == _VILLAGE:
        return at(_VILLAGE, home.here, remark=home.doubt)
    here = replace(home.here, state=home_remembered(home.values, home.here))
    answered = here.filled(home.values) if home.values else here.fresh()
    if found.phone:
        filling = replace(answered.filling, phone=found.phone, is_own_phone=is_own)
        numbered = answered.holding(filling)
        return closing.with_phone(numbered) if is_own else at(CHECK, numbered)
    remark = home.doubt or (choice.remark if choice else "")
    return _with_waiting(onward(answered, remark=remark), here)


def _with_waiting(turn: Turn, here: Here) -> Turn:
    """What was asked before the home was known is answered now that it is."""
    waiting = here.state.memory.get("waiting")
    if not waiting or here.state.step != _HOME:
        return turn
    told = policy_question.aside(waiting, turn.state.remember(waiting=""), here.scene)
    if told is None or not frames.is_asking(told.state):
        return turn
    return Turn((*told.replies, *turn.replies[-1:]), told.state, told.effects)


def _unstuck(message: Inbound, here: Here) -> Turn | None:
    question = here.following
    code = pick_from(message.text, stuck_choices(here))
    if code == "human":
        return human_help.opened(message.text, here.state, here.scene)
    if code == "later" or question is None:
        return parked(here)
    if code == "skip" and not question.required:
        return onward(homes.left_out(question.id, here))
    if code == "again":
        return onward(here.fresh())
    if commands.of(message.text) is Command.UNCLEAR:
        return at(STUCK, here)
    if hearing.is_chatter(message.text):
        return onward(here.fresh())
    exact = _plain(question, message.text, here)
    if exact is not None and not exact.problem:
        return _read(exact, question, here)
    if question.kind is Kind.PLACE and _names_a_place(message.text, here.scene):
        return _freely(question, message, here.fresh()) or parked(here)
    told = volunteered.taken(message.text, question, here)
    return told or _side(message, here) or parked(here)


def _names_a_place(text: str, scene: Scene) -> bool:
    """Whether a place is named, be it too wide a one."""
    found = places.find(text, scene.places)
    return found.area is not None or bool(found.others)


def _plain(question: Question, text: str, here: Here) -> Reading | None:
    """The answer that a message is without any doubt."""
    exact = reading.exactly(question, text, _place(here))
    if exact is None and question.kind is Kind.PLACE:
        found = reading.loosely(question, text, here.scene.places, _place(here))
        return found if found and not found.problem else None
    return exact


def _side(message: Inbound, here: Here) -> Turn | None:
    """A question in the middle of the form: answered, then the form goes on."""
    turn = policy_question.aside(message.text, here.state, here.scene)
    if turn is not None and turn.state.step == AREA and here.state.step == _HOME:
        waiting = here.state.remember(waiting=message.text)
        return at(_HOME, replace(here, state=waiting), remark=say("form.home_first"))
    if turn is None or not frames.is_asking(turn.state):
        return turn
    asked = once_more(turn.state, here.scene)
    return Turn((*turn.replies, *asked.replies), asked.state, turn.effects)


def _lost(here: Here) -> Turn:
    """A step that is no question of the file was not understood."""
    tried = here.holding(replace(here.filling, tries=here.filling.tries + 1))
    if tried.filling.tries > 1 and here.state.step == CONSENT:
        rested = tried.fresh().stand(CONSENT)
        return human_help.offer(say("form.lost"), say("option.register"), rested, kind="form")
    if tried.filling.tries > 1:
        return parked(tried)
    return at(here.state.step, tried, remark=say("form.not_understood"))


def _too_young(state: State) -> Turn:
    return Turn((Reply(say("form.too_young")),), frames.drop_form(state))


def _choice(question: Question, found: Reading) -> Choice | None:
    value = found.values.get(question.id)
    return question.choice(value) if isinstance(value, str) else None


def _is_aside(text: str) -> bool:
    return hearing.asks(text) or hearing.concerns(text)


def _place(here: Here) -> Place:
    return Place(here.filling.page, here.filling.picked, here.filling.tries)
