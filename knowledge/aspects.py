"""Whether a fact speaks of what a question asks besides the slot: age, spouse, instalments …"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import zip_longest

from knowledge.candidates import Candidate
from knowledge.entry import Entry
from knowledge.hearing import asking
from knowledge.text import normalise

_UNSAID = re.compile(r"没(有)?(写|提|说|列|附|讲|定|点|分|留|印|收录)|不清|没细|未写")
_BARE = re.compile(r"\W*(但|都|这些|这份)?(文件|答复|讲话|表注?|方案|原文)?(里|都|也)?没(有)?(写|提|说|列)(明|清|过|到)?\W*")


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something that may be asked of any matter."""

    name: str
    asked: re.Pattern[str]
    told: re.Pattern[str]
    open: str  # as it follows the matter in «文件没写…»

    def is_told(self, candidate: Candidate) -> bool:
        """Whether the fact speaks of it, or is known to answer a question for it."""
        entry = candidate.entry
        if entry is None:
            return False
        known = any(self.asked.search(text) for text in candidate.texts)
        return known or bool(self.told.search(stated(entry)))


def asked_aspects(text: str) -> tuple[Aspect, ...]:
    """What a plain text asks for, by the clauses of it that ask."""
    said = ",".join(asking(text))
    return tuple(aspect for aspect in _table() if aspect.asked.search(said))


def missing_aspect(asked: Iterable[Aspect], candidate: Candidate) -> Aspect | None:
    """What was asked for and this fact does not speak of."""
    if candidate.entry is None or candidate.is_talk:
        return None
    return next((aspect for aspect in asked if not aspect.is_told(candidate)), None)


def stated(entry: Entry) -> str:
    """All that an entry states, less the remarks that something is not written."""
    texts = (entry.answer, entry.detail, entry.where, entry.agency, entry.phone)
    said = ",".join(map(entry.spoken, (*texts, *entry.conditions, *entry.materials)))
    return ",".join(map(normalise, _written(said)))


def _written(text: str) -> Iterator[str]:
    """The clauses without those that tell what is left open: «封顶没写», «怎么进群,文件没写»."""
    for sentence in re.split(r"[。;；]", text):
        clauses = [c for c in re.split(r"[,，()（）]", sentence) if c]
        for clause, following in zip_longest(clauses, clauses[1:], fillvalue=""):
            if not _UNSAID.search(clause) and not _BARE.fullmatch(following):
                yield clause


@cache
def _table() -> tuple[Aspect, ...]:
    text = files("knowledge").joinpath("tables/aspects.toml").read_text("utf-8")
    return tuple(
        Aspect(name, re.compile(row["asked"]), re.compile(row["told"]), row["open"])
        for name, row in tomllib.loads(text).items()
    )
