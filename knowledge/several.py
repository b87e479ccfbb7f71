"""Several questions in one message, each asked with what the ones before it were about."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from knowledge.areas import COMMON
from knowledge.entry import Entry
from knowledge.joining import SAID
from knowledge.reply import Choice, Decision, Topic
from knowledge.telling import Told
from knowledge.text import letters, normalise
from knowledge.understand import FORMS, Frame, is_for, read_frame
from knowledge.wording import Wording

Ask = Callable[[str, Topic | None], Told]

WHICH = "您问的是哪一样？"
SEVERAL, MOST_CHOICES = 2, 3

_ANEW = "又"  # 人员库又是谁牵头 does not go on with what came before
_ALL = re.compile(r"[全本][市区县]|市里|总共|合计|1共|各县")
# how sure the answer with the subject put in front must be: where nothing was found without, else
FOUND, SURE = 0.8, 0.9
CLEARLY = 0.6  # an answer so sure needs no second try


def each_told(parts: Sequence[str], ask: Ask, topic: Topic | None, wording: Wording) -> list[Told]:
    """The answer to each question; 几天批 after 创业补贴多少钱 is asked of the subsidy."""
    told: list[Told] = []
    subject = ""
    for part in parts:
        before = Topic(area=topic.area) if topic and _ANEW in part else topic
        found = ask(part, before)
        named = wording.matters.found(letters(part))
        if subject and not _is_settled(found) and not (named and found.sources):
            again = ask(f"{subject}{part}", before)
            found = again if _is_better(again, found) else found
        place = topic.who if topic and told else ""
        if place and place not in FORMS and _is_of_all(found) and not _ALL.search(part):
            again = ask(f"{place}{part}", before)
            found = again if _is_row(again, found, place) else found
        told.append(found)
        is_same = bool(topic and found.topic and topic.matter == found.topic.matter)
        subject = subject if subject and is_same else _subject(part, found, wording) or subject
        topic = found.topic or topic
    return told


def together(topic: Topic) -> list[Topic]:
    """What the last message asked of, each matter once."""
    told = set(topic.told.split())
    topics = [t for t in (*topic.earlier, topic) if t.entry in told]
    return list({t.matter: replace(t, earlier=()) for t in topics}.values())


def fitting(tried: Sequence[tuple[Topic, Told]], message: str) -> Told | None:
    """The answer on the one of several matters that a message goes on with, or which is meant."""
    own = [(t, told) for t, told in tried if told.topic and told.topic.matter == t.matter]
    stated = [(t, told) for t, told in own if told.decision is Decision.ANSWER]
    silent = [(t, told) for t, told in own if told.decision is Decision.NOT_STATED]
    known = [(t, told) for t, told in silent if not told.entries]  # the very side is left open
    fits = stated or known or silent
    if len({told.lines for _, told in fits}) < SEVERAL:
        return fits[0][1] if fits else None
    rest = message.lstrip("那这")
    choices = tuple(Choice(t.matter, f"{t.matter}{rest}") for t, _ in fits[:MOST_CHOICES])
    return Told(Decision.CLARIFY, (WHICH,), fits[0][1].score, choices=choices)


def agrees(frame: Frame, told: Told, entries: Mapping[str, Entry], wording: Wording) -> bool:
    """Whether what is told is for those and of the level that a question names."""
    titles = "".join(entries[key].title for key in told.entries)
    given = read_frame(wording.plain(normalise(titles)), wording)
    who = given.who | {w for key in told.entries for w in entries[key].who}
    return not told.entries or (
        (not frame.who or is_for(frame.who, who)) and frame.levels <= given.levels
    )


def _subject(part: str, found: Told, wording: Wording) -> str:
    """What an answer is about, in the asker's own words."""
    if found.topic is None or not found.topic.matter:
        return ""
    named = wording.matters.found(letters(part))
    words = [word for meaning, word in named if meaning == found.topic.matter]
    return max(words or wording.content(part), key=len, default=found.topic.matter)


def _is_of_all(found: Told) -> bool:
    """Whether it is a figure of the whole area, which may have a row for the place asked of."""
    return found.decision is Decision.ANSWER and bool(found.topic and not found.topic.who)


def _is_row(again: Told, found: Told, place: str) -> bool:
    """Whether it tells the same of that place."""
    if again.topic is None or found.topic is None:
        return False
    return again.topic.who == place and again.topic.matter == found.topic.matter


def _is_settled(found: Told) -> bool:
    is_local = found.topic is not None and found.topic.area != COMMON
    return found.decision is Decision.ANSWER and is_local and found.score >= CLEARLY


def _is_better(again: Told, found: Told) -> bool:
    """Whether the question is understood only with its subject."""
    if again.decision is Decision.ANSWER and again.score >= SURE:
        return True
    is_found = found.decision in SAID and bool(found.sources)
    return not is_found and bool(again.sources) and again.score >= FOUND
