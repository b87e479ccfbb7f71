"""A free question: for which place, the answer, what to do when the papers are silent."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers import commands, deeper, frames, headings, hearing, human_help, places, services
from handlers.choices import Choice, by_number, by_word, pick
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import Effect, RecordFeedback
from handlers.layout import laid_out
from handlers.policy_answer import (
    AREA,
    CHINA,
    FLOW,
    FOLLOW_UP,
    SAFETY,
    found_useless,
    home_of,
    is_outdated,
    recorded,
    remembering,
    told,
    topic_of,
    word,
)
from handlers.prompts import MOST_REPLIES, ask
from handlers.texts import say
from knowledge.answer import Answer, Decision
from knowledge.grouping import DOUBTFUL
from knowledge.posts import worked_out
from knowledge.text import normalise
from knowledge.understand import Frame, read_frame
from records.messages import Inbound

__all__ = ["FOLLOW_UP", "PolicyQuestion", "aside", "general", "home_of"]

_BARE_PHONE = 20  # characters of a message that is little more than a number
_BARE_PLACE = 12
_LIVES = re.compile(
    r"(?:(?:搞|弄|说|写)?错了|不对|不是)?[,，]?(?:我们?|俺|咱)?(?:现在)?(?:搬到|搬去|搬回|老家是?在?|家[在是]|是(?!不))"
)
# As a map gives a spot: from the province or city down to a street or village.
_ADDRESS = re.compile(
    r"\S{2,9}[省市区州]\S{2,10}[县市区旗]\S{0,30}(?:路|街|道|巷|镇|乡|村|庄|小区|号|楼)\S{0,8}"
)
_BARE_WORD = 4  # characters of a name
_LONGEST_WISH = 24
_WISH = re.compile(
    r"(?:我们?|俺们?|咱们?)?(?:就|也|还)?(?:想|要|打算|准备|琢磨|寻思)(?:着|要|再)?(?:回来|回去|回家|回老家|在家|在老家|自己|回|到|在)?"
    r"(?:干|搞|做|弄|开|办|养|种|承包|包|创)\S{1,12}|"
    r"(?:我们?|俺们?|咱们?)?(?:以前|现在|一直|原来)?(?:是|就是|在外面|在)?(?:干|搞|做|弄|当|养|种|开)\S{1,8}(?:的|滴|嘞)"
)
_DATE = re.compile(
    r"(?:那|请问)?今天(?:是|是个)?(?:几号|几月几[号日]|星期几|周几|礼拜几|什么日子|啥日子)(?:了|呀|啊|来着)?"
)
_SURE = 0.9  # how well a word alone must be known
_STATED = frozenset({Decision.ANSWER, Decision.OTHER_AREA, Decision.NOT_STATED})
_REAL = _STATED | {Decision.CLARIFY, Decision.HUMAN}
_BEYOND_GROUPS = frozenset(
    {Decision.SMALLTALK, Decision.OUT_OF_SCOPE, Decision.UNKNOWN, Decision.HUMAN}
)
_LOST = frozenset({Decision.OUT_OF_SCOPE, Decision.UNKNOWN})  # what only goes on may be
_NO_PLACE = frozenset({Command.SKIP, Command.LATER})
_OF_LAST = frozenset({Command.MORE, Command.DETAIL, Command.UNCLEAR})
_PAGING = frozenset({Command.DETAIL, Command.MORE, Command.POLICY})


class PolicyQuestion:
    """Whatever no other flow takes is a question."""

    name = FLOW

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        return True

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        return (
            _renewed(message.text, frames.leave(state), scene)
            or _commanded(message.text, frames.leave(state), scene)
            or _waiting(message.text, state, scene)
            or _today(message.text, frames.leave(state), scene)
            or deeper.told(message.text, frames.leave(state), scene)
            or _paged(message.text, frames.leave(state))
            or _at_home(message.text, frames.leave(state), scene)
            or _told_of_oneself(message.text, frames.leave(state), scene)
            or headings.shown(message.text, frames.leave(state), scene)
            or _lone_word(message.text, frames.leave(state), scene)
            or _answer_to(message.text, frames.leave(state), scene)
        )


def aside(text: str, state: State, scene: Scene) -> Turn | None:
    """The answer to a question in the middle of a form; None if it is none that we can answer."""
    if hearing.is_figures(text):
        return None
    if hearing.asks(text) or hearing.concerns(text):
        answer = _asked(text, state, scene)
        is_courtesy = answer.decision is Decision.SMALLTALK and answer.score >= DOUBTFUL
        is_known = answer.decision in _REAL or is_courtesy
    else:
        # What does not ask may be an answer of the form: it must not go on with the last topic.
        answer = _asked(text, state.remember(topic=None), scene)
        is_sought = bool(_frame(text, scene).slots)
        is_known = is_sought and answer.decision in _STATED and answer.score >= DOUBTFUL
    return told(text, answer, state, scene) if is_known else None


def general(message: Inbound, state: State, scene: Scene) -> Turn:
    """The answer in a group: nothing about a person, and silence where we have nothing to say."""
    # Whoever speaks next in a group need not be who was asked: no second try there.
    asked = State(state.flow, state.step, {**state.data, "again": True}, state.memory)
    turn = _waiting(message.text, asked, scene)
    left = frames.leave(state)
    command = commands.of(message.text)
    if turn is None and command in _PAGING:
        turn = _renewed(message.text, left, scene) or _commanded(message.text, left, scene)
    turn = turn or deeper.told(message.text, left, scene, may_call=False)
    if turn is not None:
        return turn
    if command in services.SERVICES:
        return services.shown(command, left, scene, may_call=False)
    answer = _asked(message.text, left, scene)
    if answer.decision in _BEYOND_GROUPS:
        return Turn((), left)
    if answer.missing_area or answer.decision is Decision.CLARIFY:
        return told(message.text, answer, left, scene)
    pages = laid_out(answer, MOST_REPLIES)
    after = remembering(answer, left, scene).remember(pages=list(pages.rest))
    effects = recorded(message.text, answer, left, scene, is_group=True)
    return Turn(tuple(Reply(page, kind="answer") for page in pages.shown), after, effects)


def _waiting(text: str, state: State, scene: Scene) -> Turn | None:
    """The answer to what we asked back; None if there was nothing, or it is something else."""
    if state.flow != FLOW:
        return None
    question = str(state.data.get("question", ""))
    if state.step == AREA:
        return _placed(text, question, state, scene)
    offered = tuple(Choice(value, label) for label, value in state.data.get("choices", ()))
    codes = by_number(text, offered).codes or by_word(text, offered)
    place = places.find(text, scene.places).area
    if not codes and place is not None and not hearing.asks(text):
        codes = (f"{place.name}{question}",)
    return _answer_to(codes[0], frames.leave(state), scene) if codes else None


def _placed(text: str, question: str, state: State, scene: Scene) -> Turn | None:
    found = places.find(text, scene.places)
    if found.area is not None and not hearing.asks(text):
        after = frames.leave(state).remember(area=found.area.code)
        return _answer_to(question, after, scene)
    if commands.of(text) in _NO_PLACE or pick(text, "yes_no") == "no":
        return Turn((Reply(say("policy.no_place")),), frames.leave(state))
    if state.data.get("again"):
        return None
    if not hearing.asks(text):
        return _asked_again(say("policy.area_again"), question, state)
    if _asked(text, state, scene).decision not in _LOST:
        return None
    return _asked_again(say("policy.which_area"), f"{question}，{text}", state)


def _asked_again(text: str, question: str, state: State) -> Turn:
    """For which place: asked a second time, and no third."""
    after = frames.enter(state, FLOW, AREA, question=question, again=True)
    return Turn((ask(text, key=AREA, kind="reply"),), after)


def _renewed(text: str, state: State, scene: Scene) -> Turn | None:
    """More of an answer that has changed since: none of the old one, what is said now."""
    is_more = commands.of(text) in _OF_LAST or hearing.numbers(text) == (9,)
    if not is_more or not is_outdated(state, scene):
        return None
    left = state.remember(pages=[], detail="", entries=[], marks={})
    question = str(state.memory.get("question", ""))
    if not question:
        return Turn((Reply(say("policy.no_more")),), left)
    answer = _asked(question, left, scene)
    text = f"{say('policy.changed')}{answer.text}"
    return told(question, replace(answer, text=text), left, scene)


def _commanded(text: str, state: State, scene: Scene) -> Turn | None:
    command = commands.of(text)
    memory = state.memory
    if command is Command.POLICY:
        return Turn((headings.menu(),), state)
    if command in services.SERVICES:
        return services.shown(command, state, scene)
    if command is Command.MORE:
        return _more(state) if memory.get("pages") else _no_more(state)
    is_ratable = memory.get("is_ratable") or memory.get("entries")
    if command in (Command.USEFUL, Command.USELESS) and is_ratable:
        return _rated(command is Command.USEFUL, state, scene)
    return None


def _today(text: str, state: State, scene: Scene) -> Turn | None:
    """The date, which is not asked of the papers."""
    if not _DATE.fullmatch(hearing.core(text)):
        return None
    day = scene.now.astimezone(CHINA)
    weekday = "一二三四五六日"[day.weekday()]
    said = say("today", month=day.month, day=day.day, weekday=weekday)
    return Turn((Reply(said),), state)


def _paged(text: str, state: State) -> Turn | None:
    """A bare number: the next page of an answer, or a phone nobody asked for."""
    if hearing.phone(text) and len(text) <= _BARE_PHONE:
        return Turn((Reply(say("policy.phone")),), state)
    return _more(state) if state.memory.get("pages") and hearing.numbers(text) == (9,) else None


def _at_home(text: str, state: State, scene: Scene) -> Turn | None:
    """A bare place out of the blue is where somebody is from."""
    found = places.find(text, scene.places)
    is_address = bool(_ADDRESS.fullmatch(text.strip()))
    if found.area is None or hearing.asks(text):
        return None
    if len(text) > _BARE_PLACE and not is_address:
        return None
    is_said = bool(_LIVES.match(text)) or (is_address and places.is_exact(found.area))
    is_bare = not found.detail and not topic_of(state, scene)
    if not (is_said or is_bare) or _frame(text, scene).slots:
        return None
    after = state.remember(area=found.area.code)
    if scene.answerer.library.areas.pack_for(found.area.code) is None:
        return Turn((Reply(say("policy.home_without_papers", place=found.area.short)),), after)
    return Turn((Reply(say("policy.home_noted", place=found.area.short)),), after)


def _told_of_oneself(text: str, state: State, scene: Scene) -> Turn | None:
    """What somebody wants to do or does, without a question: what we can do about it."""
    if hearing.asks(text) or hearing.concerns(text) or len(text) > _LONGEST_WISH:
        return None
    if hearing.is_child(text):
        return Turn((Reply(say("form.too_young")),), state)
    if not _WISH.fullmatch(_without_places(hearing.core(text), scene)):
        return None
    answer = _asked(text, state, scene)
    if answer.decision in _STATED and answer.score >= _SURE:
        return None
    if any(entry.startswith(SAFETY) for entry in answer.entries):
        return None
    return Turn((Reply(say("policy.wish"), (word(say("option.register")),)),), state)


def _without_places(said: str, scene: Scene) -> str:
    """«我想回定陶开店» says what «我想回开店» does."""
    for mention in reversed(scene.places.mentions(said)):
        said = said[: mention.start] + said[mention.end :]
    return said


def _lone_word(text: str, state: State, scene: Scene) -> Turn | None:
    """A name or another word that says nothing by itself: what one may ask, and nothing kept."""
    answer = _asked(text, state, scene)
    is_letter = len(set(hearing.core(text))) == 1  # also one that was typed over and over
    is_courtesy = answer.decision is Decision.SMALLTALK and answer.score >= _SURE
    is_known = answer.decision in _REAL and answer.score >= _SURE
    is_meant = not is_letter and (_may_lean(text, scene) or is_known)
    if is_courtesy or is_meant:
        return None
    return Turn((Reply(say("policy.lone_word"), (word(say("option.register")),)),), state)


def _more(state: State) -> Turn:
    pages = list(state.memory["pages"])
    shown, rest = pages[:MOST_REPLIES], pages[MOST_REPLIES:]
    replies = [Reply(page, kind="answer") for page in shown]
    if rest:
        replies[-1] = replace(replies[-1], options=(word(say("option.more_words")),))
    return Turn(tuple(replies), state.remember(pages=rest))


def _no_more(state: State) -> Turn:
    """All was shown: say so, and what else there is; the second time, that somebody may call."""
    if state.memory.get("ended"):
        return deeper.called(state)
    state = state.remember(ended=True)
    detail = (word(say("option.detail")),) if state.memory.get("detail") else ()
    options = (*detail, word(say("option.human")), word(say("option.home")))
    return Turn((Reply(say("policy.no_more"), options),), state)


def _rated(is_useful: bool, state: State, scene: Scene) -> Turn:
    effects = () if state.memory.get("rated") else _rating(is_useful, state, scene)
    after = state.remember(entries=[], rated=True)
    if is_useful:
        return Turn((Reply(say("policy.useful")),), after, effects)
    subject = str(state.memory.get("question", ""))
    turn = human_help.offer(say("policy.useless"), subject, after, kind="reply")
    return Turn(turn.replies, turn.state, effects)


def _rating(is_useful: bool, state: State, scene: Scene) -> tuple[Effect, ...]:
    """The mark of an answer: for its entries, if it has any, and for the editors."""
    entries = tuple(state.memory.get("entries", ()))
    marked = (RecordFeedback(entries, home_of(state, scene), is_useful),) if entries else ()
    return marked if is_useful else (*marked, *found_useless(state, scene))


def _asked(question: str, state: State, scene: Scene) -> Answer:
    home = home_of(state, scene)
    topic = topic_of(state, scene) if _may_lean(question, scene) else None
    answer = scene.answerer.answer(question, area=home or None, topic=topic, now=scene.now)
    return worked_out(answer, question, scene.answerer.library)


def _may_lean(text: str, scene: Scene) -> bool:
    """Whether a message can go on with what was talked of; a lone name or number cannot."""
    if len(text) > _BARE_WORD or hearing.asks(text) or places.find(text, scene.places).area:
        return True
    return _frame(text, scene) != Frame()


def _frame(text: str, scene: Scene) -> Frame:
    """What a message is about, as the search reads it."""
    wording = scene.answerer.library.wording
    return read_frame(wording.plain(normalise(text)), wording)


def _answer_to(question: str, state: State, scene: Scene) -> Turn:
    command = commands.of(question)
    if command in services.SERVICES:
        return services.shown(command, state, scene)
    if turn := headings.shown(question, state, scene):
        return turn
    return told(question, _asked(question, state, scene), state, scene)
