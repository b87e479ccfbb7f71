"""A question and what is known of the asker → an answer with its sources, or an honest no."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, partial

from knowledge.alarm import Alarm, alarm_of
from knowledge.areas import Area
from knowledge.between import more_of, of_each, sides
from knowledge.compose import Source
from knowledge.context import goes_on as is_leaning
from knowledge.context import leans, points_back
from knowledge.deeper import Deeper, depth_of
from knowledge.following import Following
from knowledge.grouping import Meaning, meaning_of
from knowledge.hearing import OWN, Ear, Heard, is_asking, is_of_others, passages, questions
from knowledge.joining import SAID, beside, joined, missed
from knowledge.judge import Judge
from knowledge.parts import parts_of
from knowledge.postings import postings
from knowledge.ranking import Ranker
from knowledge.reader import Asked, Reading
from knowledge.recalling import followed, recalled, title_of
from knowledge.reply import Answer, Choice, Decision, Topic
from knowledge.scope import scope_of
from knowledge.several import SEVERAL, agrees, each_told, fitting, together
from knowledge.shelf import Library
from knowledge.speller import counted
from knowledge.telling import Told
from knowledge.text import normalise
from knowledge.understand import read_frame

__all__ = ["Answer", "Answerer", "Choice", "Decision", "Source", "Topic"]

REPLAYED = 12  # earlier messages that may still matter
MOST_QUESTIONS = 5
REMEMBERED = 4096  # answers kept
# How sure a passage of a story must be to speak for the whole: one not understood, one guessed.
CLEAR, SURE = 0.55, 0.85
GUESS, VAGUE = (
    0.35,
    0.6,
)  # an answer to a whole message, to a story, less sure than this is a guess
STORY = 60  # characters from which a message is a story
_LOST = (Decision.CLARIFY, Decision.UNKNOWN)
LONGEST = 4000  # characters of a question that are read


class Answerer:
    """Answers questions from a library; holds no state between them."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._areas = library.areas
        parts = parts_of(library)
        places = [normalise(n) for p in library.areas.packs.values() for n in p.names]
        named = counted(postings([[*places, *places]]))
        spelling = [*(part.spelling for part in parts), named]
        self._ear = Ear(library.wording, library.areas, spelling)
        self._deeper = Deeper(library)
        ranker = Ranker(parts, library.wording)
        self._judge = Judge(library, ranker)
        self._following = Following(library, ranker.candidates)
        # On a festival's evening thousands ask the same; within a day the answer is the same too.
        self._told = lru_cache(REMEMBERED)(self._fresh)
        self._meant = lru_cache(REMEMBERED)(self._understood)

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
            waiting = ""  # the question that only lacks a place
            for message in list(prev)[-REPLAYED:]:
                home = self._ear.root(message) or home
                told = self._told(self._placed(message, waiting), home, topic, today)
                waiting = message if told.missing_area else ""
                topic = told.topic or topic
            question = self._placed(question, waiting)
        return self._told(question, home, topic, today).answer()

    def _placed(self, message: str, waiting: str) -> str:
        """A message that names the place which an earlier question lacked, with that question."""
        typed = self._ear.typed(message)
        names_place = waiting and self._ear.heard(typed, None).mentions and not is_asking(typed)
        return f"{message},{waiting}"[:LONGEST] if names_place else message

    def reading(self, question: str, *, area: str | None = None, now: datetime) -> Reading:
        """How a question is understood by itself, for whoever mends the entries."""
        home = self._areas.resolve(area) if area else None
        text = self._ear.spelled(question[:LONGEST], home.code if home else None)
        return self._judge.reading(self._asked(text, home, None, now))

    def meaning(self, question: str, *, area: str | None = None, now: datetime) -> Meaning:
        """What a question is about, to be compared with others that nobody could answer."""
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return self._meant(question[:LONGEST], area, today)

    def _understood(self, question: str, area: str | None, now: datetime) -> Meaning:
        return meaning_of(self.reading(question, area=area, now=now))

    def _fresh(self, message: str, home: Area | None, topic: Topic | None, now: datetime) -> Told:
        """The answer, with what was talked of before kept in its topic."""
        question, about = self._recalled(message, home, topic)
        told = self._answered(question, home, about, now)
        return replace(told, topic=followed(topic, told.topic)) if told.topic else told

    def _recalled(
        self, message: str, home: Area | None, topic: Topic | None
    ) -> tuple[str, Topic | None]:
        """A message that goes back in the talk, as a question on what it goes back to."""
        known = self._library.entries
        back = recalled(message, topic, known, self._library.wording) if topic else None
        if back is None or back.question:
            one = replace(back.topic, told=back.topic.entry) if back else topic
            return (back.question, one) if back else (message, topic)
        own = self._areas.pack_for(home.code) if home else back.topic.area
        pack = self._library.packs.get(back.topic.area)
        there = pack.place.area.short if pack and back.topic.area != own else ""
        return there + title_of(back.topic, known), replace(back.topic, matter="", entry="")

    def _answered(
        self, message: str, home: Area | None, topic: Topic | None, now: datetime
    ) -> Told:
        depth = depth_of(message) if topic else None
        deeper = self._deeper.told(depth, topic, home, now) if depth and topic else None
        told = deeper or self._of_several(message, home, topic, now)
        told = told or self._heard(message, home, topic, now)
        return self._alarmed(message, told) or told

    def _alarmed(self, message: str, told: Told) -> Told | None:
        """The warning that a message calls for, unless a fitting one was found anyway."""
        alarm = alarm_of(message)
        entry = self._library.entries.get(alarm) if alarm else None
        if entry is None or (alarm is Alarm.SCAM and told.decision is Decision.HUMAN):
            return None
        return self._judge.warned(entry)

    def _heard(self, message: str, home: Area | None, topic: Topic | None, now: datetime) -> Told:
        typed, text = (
            self._ear.typed(message),
            self._ear.spelled(message, home.code if home else None),
        )
        whole = self._part(text, home, topic, now)
        if text != typed:  # what is understood as it was typed needs no repair
            plainly = self._part(typed, home, topic, now)
            strayed = whole.decision is Decision.OTHER_AREA and home is not None
            is_plain = plainly.score >= whole.score or strayed  # no repair leads to another place
            text, whole = (typed, plainly) if is_plain else (text, whole)
        parts = questions(text)[:MOST_QUESTIONS]
        told = self._several(parts, home, topic, now) if len(parts) > 1 else []
        together = joined(told, whole, missed(parts, told) if len(text) <= STORY else ())
        if together.missing_area:
            return together
        if together.decision in _LOST:
            return self._focused(text, home, topic, now, CLEAR) or together
        if _is_guess(together, text):
            return self._focused(text, home, topic, now, SURE) or together
        return together

    def _of_several(
        self, message: str, home: Area | None, topic: Topic | None, now: datetime
    ) -> Told | None:
        """What goes on with one of several matters; None where but one was asked of."""
        topics = together(topic) if topic else []
        if len(topics) < SEVERAL:
            return None
        text = self._ear.typed(message)
        heard = self._ear.heard(text, None)
        known, wording = self._library.entries, self._library.wording
        frame = read_frame(heard.plain, wording)
        if frame.matters or not leans(heard.said):
            return None
        tried = [(t, self._part(text, home, t, now)) for t in topics]
        return fitting([x for x in tried if agrees(frame, x[1], known, wording)], text)

    def _several(
        self, parts: Sequence[str], home: Area | None, topic: Topic | None, now: datetime
    ) -> list[Told]:
        ask = partial(self._part, home=home, now=now)
        return each_told(parts, lambda text, t: ask(text, topic=t), topic, self._library.wording)

    def _focused(
        self, text: str, home: Area | None, topic: Topic | None, now: datetime, least: float
    ) -> Told | None:
        """The answer to the one passage of a story that asks clearly; None if there is none."""
        asked = [(passage, topic if points_back(passage) else None) for passage in passages(text)]
        heard = (self._part(passage, home, before, now) for passage, before in asked)
        clear = [told for told in heard if told.decision in SAID and told.score >= least]
        return max(clear, key=lambda told: told.score, default=None)

    def _part(self, text: str, home: Area | None, topic: Topic | None, now: datetime) -> Told:
        return self._each(text, home, topic, now) or self._one(text, home, topic, now)

    def _each(
        self, text: str, home: Area | None, topic: Topic | None, now: datetime
    ) -> Told | None:
        """The answer for each of the areas that are set side by side; None if none are."""
        mentions = self._areas.mentions(text, near=home.code if home else None)
        areas = sides(text, mentions, home=home, areas=self._areas)
        rest = of_each(text, mentions) if areas else ""
        if not rest and not (areas and topic and topic.matter):
            return None
        placeless = replace(topic, area="") if topic else None
        told = [(a, self._one(f"{a.short}{rest or '呢'}", home, placeless, now)) for a in areas]
        own = self._areas.pack_for(home.code) if home else None
        return beside(told, own or "", topic, more_of(told, self._library.entries))

    def _one(self, text: str, home: Area | None, topic: Topic | None, now: datetime) -> Told:
        text = self._following.meant(text, home, topic, now.date())
        asked = self._asked(text, home, topic, now)
        told = self._following.told(asked, now) or self._judge.judge(asked, now)
        told = self._following.checked(asked, told, now)
        return _set_aside(told, asked, topic) if home is None else told

    def _asked(self, text: str, home: Area | None, topic: Topic | None, now: datetime) -> Asked:
        near = home.code if home else topic.area if topic else None
        heard = self._ear.heard(text, near)
        known = home or self._talked_of(heard, topic)
        scope = scope_of(heard.said, heard.mentions, home=known, areas=self._areas)
        return Asked(heard, scope, topic, now.date())

    def _talked_of(self, heard: Heard, topic: Topic | None) -> Area | None:
        """The area of the talk; another's area only while it is still talked of."""
        if topic is None or not topic.area:
            return None
        wording = self._library.wording
        frame = read_frame(heard.plain, wording)
        goes_on = not OWN.search(heard.said) and is_leaning(
            heard.said, heard.plain, frame, wording
        )
        return self._areas.area(topic.area) if goes_on or not topic.aside else None


def _set_aside(told: Told, asked: Asked, before: Topic | None) -> Told:
    """The answer to one whose home is not known: another's area does not become his."""
    if told.topic is None or not told.topic.area:
        return told
    said, mentions = asked.heard.said, asked.heard.mentions
    goes_on = not mentions and before is not None and before.area == told.topic.area
    is_aside = before.aside if goes_on and before else ""
    if mentions and all(is_of_others(said, m) for m in mentions):
        is_aside = "1"
    return replace(told, topic=replace(told.topic, aside=is_aside))


def _is_guess(told: Told, text: str) -> bool:
    """Whether what a whole message seems to ask may be drowned in what it tells."""
    if len(text) > STORY:
        return told.decision in SAID and told.score < VAGUE
    return told.decision is Decision.ANSWER and told.score < GUESS
