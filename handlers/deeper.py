"""«为什么» and «详细» in the talk: grounds and whole of the last answer, never twice the same."""

from __future__ import annotations

from dataclasses import replace

from handlers import commands, frames, human_help
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import RecordTold
from handlers.layout import laid_out
from handlers.policy_answer import home_of, topic_of, word
from handlers.prompts import MOST_REPLIES
from handlers.texts import say
from knowledge.deeper import Depth, depth_of

_WORDS = {Depth.WHY: "为什么", Depth.DETAIL: "详细"}
_DEEPER = frozenset({Command.DETAIL, Command.UNCLEAR})


def told(text: str, state: State, scene: Scene, *, may_call: bool = True) -> Turn | None:
    """What goes deeper into the last answer; None if nothing of the kind is asked."""
    command = commands.of(text)
    depth = Depth.DETAIL if command in _DEEPER else depth_of(text)
    topic = topic_of(state, scene)
    if depth is None:
        return None
    if topic is None:
        return _nothing(state) if command is Command.DETAIL else None
    seen = list(state.memory.get("deep", ()))
    if depth in seen:
        return _again(state, seen, may_call=may_call)
    area = home_of(state, scene) or None
    answer = scene.answerer.answer(_WORDS[depth], area=area, topic=topic, now=scene.now)
    if answer.topic is None or not (answer.topic.told or answer.sources):
        return _nothing(state) if command is Command.DETAIL else None
    pages = laid_out(answer, 1 if frames.is_asking(state) else MOST_REPLIES)
    replies = [Reply(page, kind="answer") for page in pages.shown]
    more = (word(say("option.more_words")),) if pages.rest else ()
    others = (word(_WORDS[d]) for d in Depth if d is not depth and d not in seen)
    options = (*more, *others, word(say("option.human")), word(say("option.home")))
    replies[-1] = replace(replies[-1], options=options)
    after = state.remember(pages=list(pages.rest), deep=[*seen, depth.value])
    effects = (RecordTold(answer.entries),) if answer.entries and may_call else ()
    return Turn(tuple(replies), after, effects)


def called(state: State) -> Turn:
    """Nothing more is written: somebody may call and tell."""
    subject = str(state.memory.get("question", ""))
    return human_help.offer(say("policy.ended"), subject, state, kind="reply")


def _nothing(state: State) -> Turn:
    return Turn((Reply(say("policy.no_detail")),), state)


def _again(state: State, seen: list[str], *, may_call: bool) -> Turn:
    """It was told already: say so once, then offer a call."""
    if state.memory.get("ended") and may_call:
        return called(state)
    others = tuple(word(_WORDS[d]) for d in Depth if d not in seen)
    options = (*others, word(say("option.human")), word(say("option.home")))
    return Turn((Reply(say("policy.no_deeper"), options),), state.remember(ended=True))
