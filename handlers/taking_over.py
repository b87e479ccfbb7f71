"""«继续»: what was begun on another account of the same person goes on here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers import frames, self_check
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.link_effects import TakeOver
from handlers.linked import Elsewhere, channel_of
from handlers.registration.filling import Filling, Here
from handlers.registration.onward import at
from handlers.self_check import recall
from handlers.texts import say

_TALK = (
    *("topic", "topic_at", "question", "entries", "marks", "noted", "rated"),
    *("is_ratable", "detail", "deep", "ended", "pages"),
)
_QUOTED = 20


def is_due(state: State, scene: Scene) -> bool:
    """Whether there is more to go on with elsewhere than here."""
    return _nearest(state, scene) is not None


def taken(state: State, scene: Scene) -> Turn:
    """The form or the check with its open question, or else what was talked of last."""
    found = _nearest(state, scene)
    assert found is not None  # is_due has seen it
    theirs = State.from_dict(found.state)
    here = _with_talk(state, theirs, scene)
    if frames.has_form(theirs):
        return _form(found, theirs, here, scene)
    if theirs.flow == self_check.NAME:
        return _check(found, theirs, here, scene)
    text = say(
        "link.talk_taken",
        channel=channel_of(found.account),
        question=str(theirs.memory["question"])[:_QUOTED],
    )
    return Turn((Reply(text),), frames.leave(here))


def _form(found: Elsewhere, theirs: State, here: State, scene: Scene) -> Turn:
    waiting = frames.form_of(theirs)
    before = State(frames.FORM, waiting.step, waiting.data, here.memory)
    filling = replace(Filling.of(before), parked=False, tries=0)
    remark = say("link.taken", channel=channel_of(found.account))
    turn = at(waiting.step, Here(filling, before, scene), remark=remark)
    left = recall.dropped(frames.drop_form(theirs))
    return Turn(turn.replies, turn.state, (TakeOver(found.account, found.version, left),))


def _check(found: Elsewhere, theirs: State, here: State, scene: Scene) -> Turn:
    turn = self_check.again(State(theirs.flow, theirs.step, theirs.data, here.memory), scene)
    told = Reply(say("link.taken", channel=channel_of(found.account)))
    left = recall.dropped(theirs.idle())
    effect = TakeOver(found.account, found.version, left)
    return replace(turn, replies=(told, *turn.replies), effects=(*turn.effects, effect))


def _nearest(state: State, scene: Scene) -> Elsewhere | None:
    """The talk to go on with: a form before a check before a mere question, then the latest."""
    if frames.has_form(state) or state.flow == self_check.NAME:
        return None
    ranked = [(_rank(one, state, scene), one.account, one) for one in scene.linking.elsewhere]
    best = max((each for each in ranked if each[0][0]), default=None)
    return best[2] if best else None


def _rank(one: Elsewhere, own: State, scene: Scene) -> tuple[int, str]:
    theirs = State.from_dict(one.state)
    last = str(theirs.memory.get("at") or "")
    if not last or scene.now - datetime.fromisoformat(last) >= frames.DRAFT_LIFE:
        return 0, last
    if frames.has_form(theirs):
        return 3, last
    if theirs.flow == self_check.NAME:
        return 2, last
    said, known = str(theirs.memory.get("topic_at", "")), str(own.memory.get("topic_at", ""))
    return int(bool(theirs.memory.get("question")) and said > known), last


def _with_talk(own: State, theirs: State, scene: Scene) -> State:
    """With the home where none is known here, and with the later of the two last matters."""
    facts = {}
    if not own.memory.get("area") and theirs.memory.get("area"):
        facts["area"] = theirs.memory["area"]
    if str(theirs.memory.get("topic_at", "")) > str(own.memory.get("topic_at", "")):
        facts |= {name: theirs.memory[name] for name in _TALK if name in theirs.memory}
        facts["topic_at"] = scene.now.isoformat()
    return own.remember(**facts)
