"""Whether a fact speaks of what a question asks besides the slot: age, spouse, instalments …"""

import re
import tomllib
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import zip_longest

from knowledge.candidates import Candidate
from knowledge.entry import Entry
from knowledge.hearing import asking
from knowledge.text import normalise

_UNSAID = re.compile(r"没有?(写|提|说|列|附|讲|定|点|分|留|印|收录|细)|不清|未写")
_IN_CHARGE = ("部门", "责任", "依据")
LONGEST = 30  # letters of a clause that asks; more is a story told without pauses
_COUNTS = (  # asks whether a trade that was named counts
    r"[^,]{0,14}(算(?!哪|什么|多少|怎)|能领|领得|享受|属于|符合|包括|包含|有份|评|也给|给不给|给吗|"
    r"认不认|认吗|能[办弄搞申报][^,]{0,2}[不吗么没])"
)
_SENTENCE = re.compile(r"[。;；]")
_CLAUSE = re.compile(r"[。;；,，()（）]")
_BARE = re.compile(
    r"(但|都|这些|这份)?(文件|答复|讲话|表注?|方案|原文)?[里都也]?没有?(写|提|说|列)[明清过到]?"
)


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something that may be asked of any matter."""

    name: str
    asked: re.Pattern[str]
    told: re.Pattern[str]
    slots: frozenset[str]  # a fact of such a slot speaks of it anyway
    always: bool  # remarks may ask for it too
    incidental: bool  # where it is asked who is in charge, it only says of what
    open: str  # as it follows the matter in «文件没写…»

    def is_told(self, candidate: Candidate) -> bool:
        """Whether the fact speaks of it, or is known to answer a question for it."""
        entry = candidate.entry
        if entry is None or entry.slot in self.slots:
            return entry is not None
        known = any(self.asked.search(text) for text in candidate.texts)
        told = known or bool(self.told.search(stated(entry)))
        return told and not self.is_left_open(entry)

    def is_of(self, silence: Candidate) -> bool:
        """Whether just this is what an entry says is not written."""
        if silence.entry is None:
            return False
        answer = normalise(silence.entry.spoken(silence.entry.answer))
        return bool(self.told.search(answer)) or any(
            map(self.asked.search, (answer, *silence.texts))
        )

    def is_left_open(self, entry: Entry) -> bool:
        """Whether its answer itself says that this is not written."""
        answer = entry.spoken(entry.answer)
        unsaid = [c for c in map(normalise, _CLAUSE.split(answer)) if _UNSAID.search(c)]
        named = any(self.asked.search(c) or self.told.search(c) for c in unsaid)
        return named and not self.told.search(_written(answer))


def asked_aspects(text: str, slots: Container[str] = ()) -> tuple[Aspect, ...]:
    """What a plain text asks for, by the clauses of it that ask."""
    said = ",".join(clause for clause in asking(text) if len(clause) <= LONGEST)
    found = (a for a in _table() if a.asked.search(text if a.always else said))
    in_charge = any(slot in slots for slot in _IN_CHARGE)
    return tuple(a for a in found if not (a.incidental and in_charge))


def missing_aspect(asked: Iterable[Aspect], candidate: Candidate) -> Aspect | None:
    """What was asked for and this fact does not speak of."""
    if candidate.entry is None or candidate.is_talk:
        return None
    return next((aspect for aspect in asked if not aspect.is_told(candidate)), None)


def stated(entry: Entry) -> str:
    """All that an entry states, less the remarks that something is not written."""
    texts = (entry.answer, entry.detail, entry.where, *entry.conditions, *entry.materials)
    return ",".join(_written(entry.spoken(text)) for text in texts)


def _written(text: str) -> str:
    """The clauses without those that tell what is left open: «封顶没写», «怎么进群,文件没写»."""
    kept: list[str] = []
    for sentence in _SENTENCE.split(text):
        clauses = [c for c in _CLAUSE.split(sentence) if c]
        for clause, following in zip_longest(clauses, clauses[1:], fillvalue=""):
            if not _UNSAID.search(clause) and not _BARE.fullmatch(following):
                kept.append(normalise(clause))
    return ",".join(kept)


@cache
def _table() -> tuple[Aspect, ...]:
    text = files("knowledge").joinpath("tables/aspects.toml").read_text("utf-8")
    return tuple(
        Aspect(
            name=name,
            asked=re.compile(row["asked"] if "asked" in row else f"({row['trade']}){_COUNTS}"),
            told=re.compile(row.get("told", row.get("asked", row.get("trade")))),
            slots=frozenset(row.get("slots", ())),
            always=row.get("always", False),
            incidental=row.get("incidental", False),
            open=row["open"],
        )
        for name, row in tomllib.loads(text).items()
    )
