"""The self-check as a talk: what is asked, what is answered, when it ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from handlers import (
    choices,
    commands,
    frames,
    hearing,
    human_help,
    places,
    policy_question,
    prompts,
)
from handlers.choices import Choice
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import KeepFacts, NoteCheck
from handlers.self_check import mending, occasion, reading, recall
from handlers.self_check.adviser import Adviser
from handlers.self_check.checking import Checking
from handlers.self_check.policies import matters_named
from handlers.self_check.questions import Question
from handlers.self_check.wording import packed
from handlers.texts import say
from handlers.tickets.loans import NotePrecheck
from knowledge.answer import Topic
from knowledge.areas import Area
from matching.eligibility import LOANS, Kind, Result
from records.consents import CORE
from records.messages import Inbound, Option

AREA, MATTER = "check_area", "check_matter"
MOST_TRIES = 2  # of one question before it is left open (domain rule 3.3-4)
_LEAVING = frozenset({Command.QUIT, Command.LATER, Command.END})
_OWN = frozenset({Command.BACK, Command.RESTART, Command.UNCLEAR, Command.SKIP}) | _LEAVING
_IS_IT = re.compile(r"([算是能行够要])不\1")  # 理发店算不算


class SelfCheck:
    """Advice on conditions, never a decision: a human is offered with every message (P-11)."""

    name = "self_check"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        command = commands.of(message.text)
        if _wants_human(message.text):
            return True
        if _hands_over(message, state):
            return True
        if state.flow == self.name:
            return command is None or command in _OWN
        if command is not None or message.is_group:
            return False
        is_asked = occasion.is_asked(message.text, state, scene)
        return is_asked or recall.is_asked(message.text, state, scene)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        if _wants_human(message.text):
            return human_help.opened(_subject(state, scene), frames.leave(state), scene)
        if _hands_over(message, state):
            return Turn((Reply(say("self_check.handed_over")),), frames.leave(state))
        if state.flow == self.name and state.data.get("mend"):
            return mending.answered(message.text, state, scene)
        talk = _Talk(state, scene)
        if state.flow != self.name:
            return talk.keeping(talk.recalled(message.text) or talk.begun(message.text))
        return talk.keeping(talk.answered(Checking.of(state.data), message.text))


def again(state: State, scene: Scene) -> Turn:
    """The open question of a running check, asked once more."""
    talk = _Talk(state, scene)
    return talk.keeping(talk.next(Checking.of(state.data)))


class _Talk:
    """One turn of a check."""

    def __init__(self, state: State, scene: Scene) -> None:
        self.state = state
        self.scene = scene
        self.adviser = Adviser(scene)
        self.told: dict[str, Any] = {}  # in this turn
        self.notes: tuple[NoteCheck | NotePrecheck, ...] = ()

    def keeping(self, turn: Turn) -> Turn:
        """With what a registered person told kept, as they agreed when they registered."""
        own = self.adviser.own
        is_kept = self.told and own is not None and own.consents_to(CORE)
        facts = (KeepFacts(own.id, self.told),) if own and is_kept else ()
        return replace(turn, effects=(*turn.effects, *facts, *self.notes))

    def begun(self, text: str) -> Turn:
        """A check starts with all that the question already says, and was told before."""
        before = self.adviser.told_before()
        checking = Checking(text[: hearing.LONGEST], answers=before, known=tuple(before))
        self.told = reading.read(text, self.adviser.today)
        checking = checking.knowing(self.told)
        home = policy_question.home_of(self.state, self.scene)
        told_of = occasion.recent_area(self.state, self.scene.now)
        area = occasion.area_of(text, self.adviser.library, home or told_of)
        return self._placed(checking, area) if area else self.next(checking)

    def recalled(self, text: str) -> Turn | None:
        """What the check just finished found, said again; None if it is not asked for."""
        if not recall.asks(text, self.scene):
            return None
        checking = recall.finished(text, self.state, self.scene)
        return self.next(checking) if checking else None

    def answered(self, checking: Checking, text: str) -> Turn:
        """What a message does to the running check."""
        command = commands.of(text)
        if command in _LEAVING or (command is Command.BACK and len(checking.asked) < 2):
            return self._ended([say("self_check.left_off")])
        if command is Command.BACK:
            return self.next(checking.without_last())
        if command is Command.RESTART:
            return self.next(checking.afresh())
        if self.state.step == AREA:
            return self._area_given(checking, text)
        if self.state.step == MATTER:
            return self._matter_given(checking, text)
        return self._attribute_given(checking, text, command)

    def next(self, checking: Checking) -> Turn:
        """Ask what can still change something, or say what comes out."""
        if not checking.area:
            return self._asking(AREA, checking, say("self_check.which_county"))
        if not checking.matters:
            return self._ask_matter(checking, "self_check.which_matter")
        question = self.adviser.question(checking)
        return self._ask(checking, question) if question else self._outcome(checking)

    def _area_given(self, checking: Checking, text: str) -> Turn:
        found = places.find(text, self.adviser.library.areas)
        if found.area:
            return self._placed(checking, found.area)
        if hearing.asks(text):
            return self._aside(checking, text)
        missed = checking.missed()
        return self._lost(missed) or self._asking(AREA, missed, say("self_check.no_county"))

    def _placed(self, checking: Checking, area: Area) -> Turn:
        is_told_of = area.code == occasion.recent_area(self.state, self.scene.now)
        if not policy_question.home_of(self.state, self.scene) and not is_told_of:
            self.state = self.state.remember(area=area.code)
        pack = self.adviser.library.areas.pack_for(area.code)
        if pack is None:
            return self._ended([say("self_check.no_pack", area=area.short)])
        claimed = occasion.claimable(checking.text, self.state, self.scene)
        return self.next(self.adviser.about(replace(checking, area=pack), claimed))

    def _ask_matter(self, checking: Checking, key: str) -> Turn:
        listed, area = self._matters(checking), self.adviser.short(checking)
        if not listed:
            return self._ended([say("self_check.no_matter", area=area)])
        return self._asking(MATTER, checking, say(key, area=area), listed)

    def _matter_given(self, checking: Checking, text: str) -> Turn:
        listed = self._matters(checking)
        picked = choices.by_number(text, listed).codes or choices.by_word(text, listed)
        claimed = picked or occasion.claimable(text, State(), self.scene)
        if claimed:
            return self.next(self.adviser.about(checking, claimed))
        if hearing.asks(text):
            return self._aside(checking, text)
        missed = checking.missed()
        return self._lost(missed) or self._ask_matter(missed, "self_check.no_such_matter")

    def _matters(self, checking: Checking) -> tuple[Choice, ...]:
        return tuple(Choice(matter, matter) for matter in self.adviser.offered(checking))

    def _ask(self, checking: Checking, question: Question) -> Turn:
        speaker, results = self.adviser.speaker(checking), self.adviser.results(checking)
        note = ""
        if checking.asked:
            before = self.adviser.results(Checking.of(self.state.data))
            words = speaker.going_on(question.ask, results, before)
        else:
            label, area = self._label(checking), self.adviser.short(checking)
            words = speaker.opening(question.ask, results, area, label)
            note = speaker.as_told(results)
        asked = tuple(dict.fromkeys((*checking.asked, question.attr)))
        now = replace(checking, asked=asked)
        turn = self._asking(question.attr, now, words, question.choices)
        notes = tuple(Reply(text, kind="notice") for text in packed([note]))
        return replace(turn, replies=(*notes, *turn.replies))

    def _label(self, checking: Checking) -> str:
        """Whose rules these are, where they are not those of the person's home."""
        areas = self.adviser.library.areas
        home = areas.area(policy_question.home_of(self.state, self.scene))
        if home is None or areas.pack_for(home.code) == checking.area:
            return ""
        theirs = self.adviser.short(checking)
        return say("self_check.elsewhere", area=theirs, home=home.short)

    def _attribute_given(self, checking: Checking, text: str, command: Command | None) -> Turn:
        question = self.adviser.question(checking)
        if question is None:  # the papers changed in the meantime
            return self.next(checking)
        given = question.answer(text, self.adviser.today)
        told = checking.knowing(given)
        self.told = given
        if told.answers != checking.answers and self.adviser.question(told) != question:
            return self.next(told.on())
        if command is Command.SKIP or reading.is_unsure(text) or checking.misses >= MOST_TRIES:
            self.told = {**given, "unsure": [question.attr]}
            return self.next(told.unsure_of(question.attr))
        if command is None and occasion.is_asked(text, self.state, self.scene):
            return self.begun(text)
        if command is None and recall.asks(text, self.scene):
            return self._ask(replace(told, asked=()), question)
        if command is None and (hearing.asks(text) or _IS_IT.search(text)):
            return self._aside(told, text)
        return self._again(told, question, is_heard=told.answers != checking.answers)

    def _lost(self, checking: Checking) -> Turn | None:
        """After two failed tries the check ends with a human; never a third identical prompt."""
        is_lost = checking.misses >= MOST_TRIES
        return self._ended([say("self_check.lost")]) if is_lost else None

    def _again(self, checking: Checking, question: Question, *, is_heard: bool) -> Turn:
        missed = checking.missed()
        if missed.misses >= MOST_TRIES:
            skip = Option(say("option.skip"), say("option.skip"))
            reply = Reply(say("self_check.give_up"), (skip, _human()), "form")
            return Turn((reply,), self._at(question.attr, missed))
        words = say("self_check.not_understood", help=question.help)
        if is_heard:
            words = say("self_check.noted", question=question.ask)
        return self._asking(question.attr, missed, words, question.choices)

    def _aside(self, checking: Checking, text: str) -> Turn:
        """Another question in between is answered, and the check goes on."""
        home = self._home()
        area, matter = checking.area, next(iter(checking.matters), "")
        if home and home != area:  # what is asked by the way is asked of one's own place
            area = home
            if occasion.asks_of_home(text) and not matters_named(self.adviser.library, text):
                text = f"{matter}{text}"
        answer = self.scene.answerer.answer(
            text,
            area=area or None,
            topic=Topic(area, matter) if matter else None,
            now=self.scene.now,
        )
        said = [Reply(part, kind="answer") for part in prompts.parts(answer.text)]
        turn = self.next(checking)
        return replace(turn, replies=prompts.joined((*said, *turn.replies)))

    def _home(self) -> str:
        code = policy_question.home_of(self.state, self.scene)
        return (self.adviser.library.areas.pack_for(code) or code) if code else ""

    def _outcome(self, checking: Checking) -> Turn:
        results = self.adviser.results(checking)
        if not results:
            return self._ended([self.adviser.unmentioned(checking)])
        self.notes = self.adviser.notes(checking)
        speaker = self.adviser.speaker(checking)
        note = "" if checking.asked else speaker.as_told(results)
        said = packed([note, *speaker.outcome(results, self._label(checking))])
        self._remember(results[0])
        loan = next((found_of(r) for r in results if r.policy.matter in LOANS), "")
        self.notes += (NotePrecheck(loan),) if loan else ()
        self.state = recall.keeping(self.state, checking, self.scene.now, loan)
        is_lost = all(result.kind is Kind.NO for result in results)
        is_subsidy = LOANS.isdisjoint(checking.matters)
        return self._ended(self._warned(said), _instead() if is_lost and is_subsidy else ())

    def _remember(self, result: Result) -> None:
        """What was checked is what the next question leans on."""
        entry = self.adviser.library.entries[result.policy.id]
        topic = Topic(entry.area, entry.matter, entry.slot, entry=entry.id)
        at = self.scene.now.isoformat()
        self.state = self.state.remember(topic=topic.as_dict(), topic_at=at)

    def _warned(self, messages: Sequence[str]) -> list[str]:
        """With the warning of fraud that goes with money once a day (domain M-13)."""
        day = self.adviser.today.isoformat()
        warned = packed([*messages, say("policy.fraud")])
        if self.state.memory.get("warned") == day or len(warned) > prompts.MOST_REPLIES:
            return list(messages)
        self.state = self.state.remember(warned=day)
        return warned

    def _ended(self, messages: Sequence[str], also: tuple[Option, ...] = ()) -> Turn:
        *before, last = (Reply(text, kind="answer") for text in messages)
        last = replace(last, options=(*also, _human()))
        return Turn((*before, last), frames.leave(self.state))

    def _asking(
        self, step: str, checking: Checking, words: str, listed: Sequence[Choice] = ()
    ) -> Turn:
        reply = prompts.ask(words, listed, key=step)
        *shown, back = reply.options
        reply = replace(reply, options=(*shown, _human(), back))
        return Turn((reply,), self._at(step, checking))

    def _at(self, step: str, checking: Checking) -> State:
        return frames.enter(self.state, SelfCheck.name, step, **asdict(checking))


def found_of(result: Result) -> str:
    """What came out, in a few words for staff: the matter and how it looks, no answers."""
    how = say(f"self_check.in_short_{result.kind}")
    return say("self_check.in_short", matter=result.policy.matter, how=how)


def _human() -> Option:
    return Option(say("self_check.human"), say("self_check.human"))


def _wants_human(text: str) -> bool:
    return hearing.core(text) == say("self_check.human")


def _hands_over(message: Inbound, state: State) -> bool:
    """Whether somebody else begins; a form that is being filled in goes on by its own rules."""
    is_free = not message.is_group and not frames.is_asking(state)
    return is_free and recall.hands_over(message.text)


def _subject(state: State, scene: Scene) -> str:
    """What a human shall look at: the matter that was checked, none of the answers."""
    matters = Checking.of(state.data).matters if state.flow == SelfCheck.name else ()
    about = "、".join(matters or occasion.recent_matters(state, scene.now))
    return f"{say('self_check.human')} {about}".strip()


def _instead() -> tuple[Option, ...]:
    """What else there is for somebody who does not qualify (domain 7.4)."""
    words = (say("self_check.see_projects"), say("self_check.see_loans"))
    return tuple(Option(word, word) for word in words)
