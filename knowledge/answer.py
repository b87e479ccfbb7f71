"""A question and what is known of the asker → an answer with its sources, or an honest no."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from knowledge.areas import Area
from knowledge.candidates import candidates_of
from knowledge.compose import Source
from knowledge.hearing import Ear, questions
from knowledge.joining import joined
from knowledge.judge import Judge
from knowledge.ranking import Ranker
from knowledge.reader import Asked
from knowledge.reply import Answer, Choice, Decision, Topic
from knowledge.scope import scope_of
from knowledge.shelf import Library
from knowledge.telling import Told
from knowledge.text import normalise

__all__ = ["Answer", "Answerer", "Choice", "Decision", "Source", "Topic"]

REPLAYED = 4  # earlier messages that may still matter
MOST_QUESTIONS = 4
REMEMBERED = 4096  # answers kept
LONGEST = 4000  # characters of a question that are read


class Answerer:
    """Answers questions from a library; holds no state between them."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._areas = library.areas
        candidates = candidates_of(library)
        places = [normalise(n) for p in library.areas.packs.values() for n in p.names]
        texts = [text for c in candidates for text in c.texts]
        self._ear = Ear(library.wording, library.areas, [*texts, *places, *places])
        self._judge = Judge(library, Ranker(candidates, library.wording))
        # On a festival's evening thousands ask the same; within a day the answer is the same too.
        self._told = lru_cache(REMEMBERED)(self._fresh)

    @property
    def library(self) -> Library:
        """What the answers come from."""
        return self._library

    def answer(
        self,
        question: str,
        *,
        area: str | None = None,
        prev: Sequence[str] = (),
        topic: Topic | None = None,
        now: datetime,
    ) -> Answer:
        """The answer for somebody of this area, after these messages or on this topic."""
        home = self._areas.resolve(area) if area else None
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        question = question[:LONGEST]
        if topic is None:
            for message in list(prev)[-REPLAYED:]:
                topic = self._told(message, home, topic, today).topic or topic
        return self._told(question, home, topic, today).answer()

    def _fresh(self, message: str, home: Area | None, topic: Topic | None, now: datetime) -> Told:
        text = self._ear.spelled(message, home.code if home else None)
        whole = self._part(text, home, topic, now)
        parts = questions(text)[:MOST_QUESTIONS]
        told: list[Told] = []
        for part in parts if len(parts) > 1 else ():
            told.append(self._part(part, home, topic, now))
            topic = told[-1].topic or topic
        return joined(told, whole)

    def _part(self, text: str, home: Area | None, topic: Topic | None, now: datetime) -> Told:
        near = home.code if home else topic.area if topic else None
        heard = self._ear.heard(text, near)
        known = home or (self._areas.area(topic.area) if topic and topic.area else None)
        scope = scope_of(heard.said, heard.mentions, home=known, areas=self._areas)
        return self._judge.judge(Asked(heard, scope, topic, now.date()), now)
