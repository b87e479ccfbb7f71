"""What follows from an answer: its messages, what may be said to it, what is kept of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from handlers import consent, frames, hearing, human_help, welcome
from handlers.choices import Choice
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import Effect, OpenTicket, RecordQuestion, RecordTold
from handlers.identity import living
from handlers.layout import laid_out
from handlers.prompts import MOST_REPLIES, ask, parts
from handlers.texts import say
from knowledge.answer import Answer, Decision, Topic
from knowledge.changes import mark
from knowledge.entry import TALK
from knowledge.grouping import DOUBTFUL, whole
from knowledge.quoting import unmasked
from records.consents import CORE
from records.messages import Option
from records.questions import Reason
from records.tickets import TicketKind

FLOW = "policy"
AREA, CHOOSE = "area", "choose"  # steps at which we wait for a place, for a choice
_PLAIN = 0.97  # below it a wish for a human is a guess: ask before the talk is handed over
FOLLOW_UP = timedelta(hours=2)  # how long a topic is taken up again
_MOST_OPTIONS = 5  # domain rule 3.3-1
CHINA = timezone(timedelta(hours=8))
_OPEN = frozenset({Decision.UNKNOWN, Decision.NOT_STATED})
_RATED = frozenset({Decision.ANSWER, Decision.OTHER_AREA})  # 有用 and 没用 are offered
_MONEY = ("贷", "补贴", "补助", "贴息", "奖补", "担保", "资金")
SAFETY, _CRISIS = "common-safety-", ("common-safety-crisis", "common-safety-emergency")


def home_of(state: State, scene: Scene) -> str:
    """The code of the place whose rules hold for this person, as far as known."""
    homes = {profile.area for profile in living(scene.profiles) if profile.area}
    own = next(iter(homes)) if len(homes) == 1 else ""
    return str(state.memory.get("area", "")) or own or scene.area


def told(question: str, answer: Answer, state: State, scene: Scene) -> Turn:
    """What follows from an answer: its words, what is asked back, what is kept of it."""
    effects = recorded(question, answer, state, scene)
    if answer.missing_area:
        reply = ask(say("policy.which_area"), key=AREA, kind="reply")
        after = frames.enter(state, FLOW, AREA, question=question)
        return Turn((reply,), after, effects)
    if answer.decision is Decision.CLARIFY and answer.choices:
        return _clarified(question, answer, state)
    if answer.decision is Decision.HUMAN:
        return _handed_over(question, answer, state, scene)
    if answer.decision is Decision.SMALLTALK and scene.is_new:
        return Turn((welcome.menu(scene.now),), welcome.at_menu(state))
    after = remembering(answer, state, scene, question)
    if answer.decision in _OPEN and not frames.is_asking(state):
        return _unanswered(question, answer, after, effects)
    return _answered(question, answer, after, scene, effects=effects)


def _answered(
    question: str, answer: Answer, state: State, scene: Scene, *, effects: tuple[Effect, ...]
) -> Turn:
    room = 1 if scene.is_new or frames.is_asking(state) else MOST_REPLIES
    pages = laid_out(answer, room)
    warned = _warning_due(question, answer, state, scene)
    if warned:
        together = laid_out(answer, room, say("policy.fraud"))
        # Where there is no room beside a form's question, the next answer warns.
        warned = len(together.shown) <= room
        pages = together if warned else pages
    replies = [Reply(page, kind="answer") for page in pages.shown]
    if not frames.is_asking(state):
        options = _afterwards(
            answer, scene, has_more=bool(pages.rest), invites=_may_invite(state, scene)
        )
        replies[-1] = replace(replies[-1], options=options)
    after = state.remember(pages=list(pages.rest))
    return Turn(tuple(replies), _warned(after, scene) if warned else after, effects)


def _unanswered(question: str, answer: Answer, state: State, effects: tuple[Effect, ...]) -> Turn:
    """The papers are silent, or we do not know: say so and offer a call."""
    missed = int(state.memory.get("misses", 0))
    if answer.decision is Decision.UNKNOWN:
        text = say("policy.unknown") if missed % 2 == 0 else say("policy.unknown_again")
        answer = replace(answer, text=text, ending="", brief="")
        state = state.remember(misses=missed + 1)
    pages = laid_out(answer, MOST_REPLIES, say("policy.offer"))
    *lead, last = pages.shown
    state = state.remember(pages=list(pages.rest))
    turn = human_help.offer(last, question, state, kind="answer")
    shown = (Reply(page, kind="answer") for page in lead)
    return Turn((*shown, *turn.replies), turn.state, effects)


def _clarified(question: str, answer: Answer, state: State) -> Turn:
    listed = tuple(Choice(c.value, c.label) for c in answer.choices)
    return choosing(answer.text, listed, state, question=question)


def choosing(
    text: str,
    listed: Sequence[Choice],
    state: State,
    *,
    question: str = "",
    words: Sequence[str] = (),
) -> Turn:
    """A question with choices; a tap on an older list of others is told from a tap on this."""
    values = "\n".join(choice.code for choice in listed)
    tag = f"{CHOOSE}_{hashlib.sha256(values.encode()).hexdigest()[:6]}"
    reply = ask(text, listed, key=tag, kind="reply", words=words)
    pairs = [[choice.label, choice.code] for choice in listed]
    after = frames.enter(state, FLOW, CHOOSE, question=question, choices=pairs, tag=tag)
    return Turn((reply,), after)


def _handed_over(question: str, answer: Answer, state: State, scene: Scene) -> Turn:
    safety = [entry for entry in answer.entries if entry.startswith(SAFETY)]
    if not safety and answer.score < _PLAIN:
        return human_help.offer(say("policy.human"), question, state, kind="reply")
    if not safety:
        return human_help.opened(question, state, scene)
    replies = tuple(Reply(part, kind="notice") for part in parts(answer.text))
    if safety[0] not in _CRISIS:
        return Turn(replies, state)
    ticket = human_help.a_ticket(TicketKind.DANGER, question, state, scene, is_flagged=True)
    return Turn(replies, state, (OpenTicket(ticket),))


def _may_invite(state: State, scene: Scene) -> bool:
    """Whether to offer registering: not to who has, nor too soon after a no (domain P-26)."""
    noes = consent.refusals(state, CORE)
    return not scene.profiles and consent.may_ask(noes, scene.now)


def _afterwards(
    answer: Answer, scene: Scene, *, has_more: bool, invites: bool
) -> tuple[Option, ...]:
    """What one may say to an answer."""
    if answer.decision not in _RATED:
        return (word(say("option.home")),)
    more = (word(say("option.more_words")),) if has_more else ()
    detail = (word(say("option.detail")),) if answer.detail else ()
    invitation = (word(say("option.register")),) if invites else ()
    rating = (word(say("option.useful")), word(say("option.useless")))
    check = (word(say("option.check")),) if _can_be_checked(answer, scene) else ()
    return (*more, *detail, *check, *rating, *invitation)[:_MOST_OPTIONS]


def _can_be_checked(answer: Answer, scene: Scene) -> bool:
    """Whether the papers give conditions for what was answered, so that one can check oneself."""
    topic = answer.topic
    pack = scene.answerer.library.packs.get(topic.area) if topic and topic.area else None
    today = scene.now.date()
    matters = {e.matter for e in pack.entries if e.rules and e.is_served(today)} if pack else set()
    return topic is not None and topic.matter in matters


def recorded(
    question: str, answer: Answer, state: State, scene: Scene, *, is_group: bool = False
) -> tuple[Effect, ...]:
    """What the editors should see and what was told here; groups are told nothing later."""
    known = scene.answerer.library.entries
    facts = tuple(e for e in answer.entries if e in known and known[e].kind not in TALK)
    told_of = (RecordTold(facts),) if facts and not is_group else ()
    reason = _reason(answer)
    if reason is None or not _complete(question, state, scene):
        return told_of
    return (_asked(question, answer, reason, state, scene, tells=not is_group), *told_of)


def found_useless(state: State, scene: Scene) -> tuple[Effect, ...]:
    """The last question, for the editors, with the answer that did not help."""
    question = str(state.memory.get("question", ""))
    if not question or state.memory.get("noted"):
        return ()
    topic, entries = topic_of(state, scene), tuple(state.memory.get("entries", ()))
    area = _area(topic, state, scene)
    return (RecordQuestion(question, area, "answer", 0.0, Reason.USELESS, entries),)


def _reason(answer: Answer) -> Reason | None:
    if answer.decision in _OPEN or answer.is_silent:
        return Reason.UNANSWERED
    if answer.decision is Decision.OUT_OF_SCOPE and not answer.entries:
        return Reason.UNANSWERED
    is_guess = answer.decision is Decision.ANSWER and answer.score < DOUBTFUL
    return Reason.DOUBTFUL if is_guess else None


def _asked(
    question: str, answer: Answer, reason: Reason, state: State, scene: Scene, *, tells: bool
) -> RecordQuestion:
    return RecordQuestion(
        text=_complete(question, state, scene),
        area=_area(answer.topic, state, scene),
        decision=answer.decision.value,
        score=answer.score,
        reason=reason,
        entries=answer.entries,
        tells=tells,
    )


def _complete(question: str, state: State, scene: Scene) -> str:
    """The question as it can be understood without the talk before it, without personal data.

    "" where it was nothing else.
    """
    before = topic_of(state, scene)
    matter = before.matter if before else ""
    return whole(unmasked(hearing.masked(question)), matter, scene.answerer.library.wording)


def _area(topic: Topic | None, state: State, scene: Scene) -> str:
    """Where it is asked for: the home if it lies in the area whose papers should say it."""
    home = home_of(state, scene)
    if topic is None or not topic.area:
        return home
    is_home = home and scene.answerer.library.areas.pack_for(home) == topic.area
    return home if is_home else topic.area


def remembering(answer: Answer, state: State, scene: Scene, question: str = "") -> State:
    """What the next question may lean on."""
    known = scene.answerer.library.entries
    marks = {entry: mark(known[entry]) for entry in answer.entries if entry in known}
    facts: dict[str, Any] = {
        "entries": list(answer.entries),
        "marks": marks,
        "noted": _reason(answer) is not None,
        "is_ratable": answer.decision in _RATED,
        "rated": False,
        "detail": answer.detail,
        "deep": [],
        "ended": False,
    }
    if question:
        facts["question"] = _complete(question, state, scene)
    if answer.decision is not Decision.UNKNOWN:
        facts["misses"] = 0
    if answer.topic is not None:
        facts["topic"] = answer.topic.as_dict()
        facts["topic_at"] = scene.now.isoformat()
    return state.remember(**facts)


def is_outdated(state: State, scene: Scene) -> bool:
    """Whether what is kept of the last answer rests on an entry that has changed since."""
    known, today = scene.answerer.library.entries, scene.now.date()
    return any(
        entry not in known or not known[entry].is_served(today) or mark(known[entry]) != held
        for entry, held in state.memory.get("marks", {}).items()
    )


def topic_of(state: State, scene: Scene) -> Topic | None:
    """What was talked of a moment ago."""
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
    return scene.now.astimezone(CHINA).date().isoformat()


def word(text: str) -> Option:
    """An option that one could as well type."""
    return Option(text, text)
