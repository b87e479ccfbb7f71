"""An audience as it is typed: «老家在定陶 且 在外地 且 想做种养、电商 且 不（30天内联系过）»."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from matching.audience import joining, joints, saying, spans
from matching.audience.faults import AudienceFault as AudienceFault
from matching.audience.unkept import EVERYBODY, UNKEPT
from matching.audience.values import All, Condition, Either, Field, Has, Not
from matching.audience.words import BARE_TRADES, OPPOSITES, PHRASES, VERBS, Verb

LONGEST = 2_000  # characters
_DEEPEST = 20  # brackets in brackets
_LONGEST_NAME = 24
_SHOWN = 12  # characters of what was not understood


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a name means: its code or id, and its name in full."""

    id: str
    name: str


# The places that a name can mean: none, one, or several to choose from.
Places = Callable[[str], Sequence[Place]]


@dataclass(frozen=True, slots=True)
class Audience:
    """A condition, and the words that it was typed in."""

    condition: Condition
    typed: str

    @property
    def spoken(self) -> str:
        """How it was understood, in words that read back to the same."""
        return saying.said(self.condition)


def parse(text: str, places: Places, today: date) -> Audience:
    """The audience as seen on a day in China, from which «30天内» counts.

    AudienceFault says where it cannot be understood and what may stand there.
    """
    plain = joints.BLANK.sub(" ", unicodedata.normalize("NFKC", text)).rstrip()
    if len(plain) > LONGEST:
        raise AudienceFault(LONGEST, "", f"最多{LONGEST}个字，请写短一些")
    try:
        return Audience(_Reader(plain, places, today).whole(), text)
    except AudienceFault as fault:
        fault.text = plain
        raise


class _Reader:
    """Reads from left to right: 且 binds first, then 或, then commas and spaces (and also).

    The last verb stays in force for bare words: 会电工 且 焊工.
    """

    def __init__(self, text: str, places: Places, today: date) -> None:
        self._text, self._places, self._today = text, places, today
        self._at = 0
        self._depth = 0
        self._is_but = False
        self._verb: Verb | None = None
        self._ended = 0  # where the last condition did: its verb does not reach what is joined on

    def whole(self) -> Condition:
        self._skip()
        if self._at == len(self._text):
            raise self._fault(f"还没写发给谁，可以写：所有人，或者{joints.HINT}")
        found = self._list()
        if self._at < len(self._text):
            is_bracket = self._text[self._at] == joints.CLOSE
            raise self._fault("多了一个右括号" if is_bracket else f"可以写：{joints.HINT}")
        return found

    def _list(self) -> Condition:
        parts = [self._either()]
        while self._goes_on():
            parts.append(self._either())
        return parts[0] if len(parts) == 1 else All(joining.flat(parts, All))

    def _either(self) -> Condition:
        parts = [self._all()]
        while self._takes(joints.OR):
            parts.append(self._all())
        return joining.either(joining.flat(parts, Either))

    def _all(self) -> Condition:
        parts = [self._one()]
        while True:
            if self._takes(joints.AND):
                parts.append(self._one())
            elif self._takes(joints.WITH):
                parts.append(joining.together(parts.pop(), self._one()))
            elif self._text.startswith("、", self._at):
                parts.append(self._alternative(parts.pop()))
            else:
                break
        return parts[0] if len(parts) == 1 else All(joining.flat(parts, All))

    def _alternative(self, one: Condition) -> Condition:
        """会电工的、会焊工的 are alternatives; 、 joins nothing else."""
        fault = self._fault("“、”只连同一类的词，条件和条件之间请写“且”或者“或”")
        self._at += 1
        found = joining.together(one, self._one())
        if isinstance(found, All):
            raise fault
        return joining.either(found.parts) if isinstance(found, Either) else found

    def _goes_on(self) -> bool:
        """Whether another condition follows: 定陶在外地想创业的 says three."""
        if closing := joints.CLOSING.match(self._text, self._at):
            self._at = closing.end()
        self._skip()
        return self._at < len(self._text) and self._text[self._at] != joints.CLOSE

    def _one(self) -> Condition:
        self._skip()
        if self._text.startswith(joints.OPEN, self._at):
            return self._bracket()
        found = self._condition()
        if found is not None:
            return found
        if self._takes(joints.NOT_ONLY):
            return self._inner()
        if self._takes(joints.BUT):
            return self._but()
        if self._takes(joints.NOT):
            return Not(self._inner())
        return self._led()

    def _led(self) -> Condition:
        """What stands behind words that say nothing."""
        begin, depth = self._at, self._depth
        lead = joints.LEAD.match(self._text, begin)
        if lead and lead.end() < len(self._text):
            self._at = lead.end()
            try:
                return self._inner()
            except AudienceFault as fault:
                if fault.where > lead.end() + 1:
                    raise
                self._at, self._depth = begin, depth
        raise self._unknown()

    def _inner(self) -> Condition:
        self._deeper()
        found = self._one()
        self._depth -= 1
        return found

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._fault("套得太深了，请写简单些")

    def _but(self) -> Condition:
        """Of several that are joined, nobody: 除了定陶和会电工的."""
        before, self._is_but = self._is_but, True
        parts = [self._inner()]
        while self._takes((*joints.WITH, *joints.OR, "、", "也不要", "也不含")):
            parts.append(self._inner())
        self._is_but = before
        self._outside(parts[0])
        if joints.BESIDES.match(self._text, self._at):
            raise self._fault("“除了…还…”是两样都要吗？都要请写“且”，不要前一样请写“不是…”")
        return Not(joining.either(joining.flat(parts, Either)))

    def _outside(self, found: Condition) -> Condition:
        """定陶以外的 is not 定陶, unless 除了 has said so."""
        outside = joints.OUTSIDE.match(self._text, self._at)
        if outside is None or self._is_but:
            return found
        self._at = outside.end()
        return Not(found)

    def _bracket(self) -> Condition:
        self._at, self._verb = self._at + 1, None
        self._deeper()
        inner = self._list()
        self._skip()
        if not self._text.startswith(joints.CLOSE, self._at):
            raise self._fault("少一个右括号“）”")
        self._at, self._depth, self._verb = self._at + 1, self._depth - 1, None
        self._past_tail()
        return self._outside(inner)

    def _condition(self) -> Condition | None:
        """The longest of what can stand here; None where nothing can."""
        found = max(self._readings(), key=lambda each: each[0], default=None)
        if found is None:
            bare = self._bare() or self._trade()
            found = (*bare, None) if bare else None
        if found is None:
            return None
        self._at, self._verb = found[0], found[2]
        self._past_tail()
        whole = self._outside(found[1])
        self._ended = self._at
        return whole

    def _readings(self) -> Iterator[tuple[int, Condition, Verb | None]]:
        yield from self._by_verb()
        for phrase in EVERYBODY:
            if self._text.startswith(phrase, self._at):
                yield self._at + len(phrase), All(()), None
        for phrase, (field, values) in PHRASES.items():
            if self._text.startswith(phrase, self._at):
                yield self._at + len(phrase), saying.has(field, values), None
        for phrase, (field, values) in OPPOSITES.items():
            if self._text.startswith(phrase, self._at):
                yield self._at + len(phrase), Not(saying.has(field, values)), None
        for found in (
            spans.read(self._text, self._at, self._today),
            self._by_number(),
            self._by_place(),
        ):
            if found is not None:
                yield (*found, None)

    def _by_verb(self) -> Iterator[tuple[int, Condition, Verb | None]]:
        for verb in VERBS:
            for head in verb.spelt:
                if self._text.startswith(head, self._at):
                    yield from self._words(verb, self._at + len(head))
            if self._longest(verb.alone, self._at):
                yield from self._words(verb, self._at)
        if self._verb is not None and self._at > self._ended:
            yield from self._words(self._verb, self._at)

    def _words(self, verb: Verb, begin: int) -> Iterator[tuple[int, Condition, Verb | None]]:
        values: list[str] = []
        end = at = self._past_space(begin)
        while word := self._longest(verb.takes, at):
            values += verb.takes[word]
            end = at + len(word)
            more = joints.LIST.match(self._text, end)
            if not more:
                break
            at = more.end()
        if values:
            yield end, saying.has(verb.field, values), verb

    def _by_number(self) -> tuple[int, Condition] | None:
        text, at = self._text, self._at
        if found := joints.COURSE.match(text, at):
            return found.end(), saying.has(Field.COURSE, [str(int(found["number"]))])
        if found := joints.TAG.match(text, at):
            return found.end(), saying.has(Field.TAG, [found["tag"] or found["named"]])
        return None

    def _by_place(self) -> tuple[int, Condition] | None:
        if head := joints.HOME.match(self._text, self._at):
            return _turned(head, self._homes(head.end()) or self._no_place(head.end()))
        if head := joints.CITY.match(self._text, self._at):
            return _turned(head, self._cities(head.end(), is_sure=True))
        if head := joints.IN.match(self._text, self._at):
            return self._cities(head.end(), is_sure=False)
        return None

    def _bare(self) -> tuple[int, Condition] | None:
        """A place without a verb: where people are at home, or with 打工 where they are."""
        end, places = self._named(self._at)
        if places and joints.WORK.match(self._text, end):
            return self._cities(self._at, is_sure=True)
        return self._homes(self._at)

    def _trade(self) -> tuple[int, Condition] | None:
        """A trade without a verb: who is in it, and who wants to be."""
        word = self._longest(BARE_TRADES, self._at)
        if not word:
            return None
        values = BARE_TRADES[word]
        parts = (saying.has(Field.TRADE, values), saying.has(Field.WISH, values))
        return self._at + len(word), Either(parts)

    def _homes(self, at: int) -> tuple[int, Condition] | None:
        """A place's name alone is where people are at home."""
        end, places = self._named(at)
        if not places:
            return None
        return end, _has_place(Field.HOME, places)

    def _cities(self, at: int, *, is_sure: bool) -> tuple[int, Condition] | None:
        end, places = self._named(at)
        if not places:
            return self._no_place(at) if is_sure and not self._is_state(at) else None
        fine = next((place for place in places if not is_wide(place.id)), None)
        if fine is not None:
            raise AudienceFault(
                at + 1,
                self._text[at:end],
                f"人在哪里只记到市，请写哪个市；说老家就写“老家在{fine.name}”",
            )
        return end, _has_place(Field.CITY, places)

    def _named(self, at: int) -> tuple[int, list[Place]]:
        """The places that are named here, 定陶、曹县, and where the last name ends."""
        end, first = self._place(at)
        found = [first] if first else []
        while found and (more := joints.LIST.match(self._text, end)):
            after, place = self._place(more.end())
            if place is None:
                break
            end = after
            found.append(place)
        return end, found

    def _place(self, at: int) -> tuple[int, Place | None]:
        """The longest name of a place that stands here; AudienceFault where it means several."""
        word = joints.NAME.match(self._text, at)
        longest = word.group()[:_LONGEST_NAME] if word else ""
        for length in range(len(longest), 1, -1):
            name = longest[:length]
            found = self._places(name)
            if len(found) == 1:
                return at + length, found[0]
            if found:
                names = "、".join(one.name for one in found[:5])
                raise AudienceFault(at + 1, name, f"有好几个：{names}，请写全")
        return at, None

    def _no_place(self, at: int) -> NoReturn:
        raise AudienceFault(at + 1, self._shown(at), "没有这个地方，请写县、乡镇或村的名字")

    def _is_state(self, at: int) -> bool:
        """Whether 现在在 goes before a phrase: 现在在外地."""
        return any(
            self._text.startswith(f"在{w}", at - 1) for w in ("外", "家", "老家", "干", "做")
        )

    def _past_tail(self) -> None:
        if found := joints.TAIL.match(self._text, self._at):
            self._at = found.end()

    def _longest(self, words: Iterable[str], at: int) -> str:
        known = (word for word in words if self._text.startswith(word, at))
        return max(known, key=len, default="")

    def _takes(self, words: Sequence[str]) -> bool:
        begin = self._past_space(self._at)
        for word in words:
            if self._text.startswith(word, begin):
                self._at = begin + len(word)
                return True
        return False

    def _skip(self) -> None:
        self._at = self._past_space(self._at)

    def _past_space(self, at: int) -> int:
        found = joints.COMMA.match(self._text, at)
        return found.end() if found else at

    def _unknown(self) -> AudienceFault:
        """What stands here is nothing that is known: what it may have been meant for."""
        rest = self._text[self._at :]
        for pattern, sentence in UNKEPT.items():
            if re.match(pattern, rest):
                return self._fault(sentence)
        if near := _near(self._shown(self._at)):
            return self._fault(f"是不是“{near}”")
        for verb in VERBS:
            for head in sorted(verb.spelt, key=len, reverse=True):
                if rest.startswith(head):
                    at = self._past_space(self._at + len(head))
                    words = "、".join(dict.fromkeys(_first_words(verb)))
                    return self._fault(f"“{head}”后面可以写：{words}", at)
        if rest.startswith(("、", "/")):
            return self._fault("“、”只连同一类的词，条件和条件之间请写“且”或者“或”")
        return self._fault(f"可以写：{joints.HINT}")

    def _fault(self, expected: str, at: int | None = None) -> AudienceFault:
        at = self._at if at is None else at
        return AudienceFault(at + 1, self._shown(at), expected)

    def _shown(self, at: int) -> str:
        """What stands there, to the end of the word as far as it can be seen."""
        rest = self._text[at:]
        word = joints.STOP.split(rest, maxsplit=1)[0] or rest[:1]
        word = joints.LONG_NUMBER.sub(r"\1…", word)
        return f"{word[:_SHOWN]}…" if len(word) > _SHOWN else word


def _near(word: str) -> str:
    """What is spelt nearly so; "" for nothing."""
    plain = word.rstrip("的人")
    known = [*PHRASES, *OPPOSITES, *EVERYBODY]
    likely = difflib.get_close_matches(plain, known, n=3, cutoff=0.65)
    sure = difflib.get_close_matches(plain, known, n=1, cutoff=0.8)
    alike = [one for one in likely if one[:1] == plain[:1]]
    return next(iter([*alike, *sure]), "")


def _first_words(verb: Verb) -> Iterator[str]:
    """One word for each thing that a verb takes."""
    seen: set[tuple[str, ...]] = set()
    for word, values in verb.takes.items():
        if values not in seen:
            seen.add(values)
            yield word


def is_wide(code: str) -> bool:
    """Whether a place is a city or wider: nobody's whereabouts are known more finely."""
    return len(code) == 6 and (code.endswith("00") or code[2:4] == "90")


def _turned(
    head: re.Match[str], found: tuple[int, Condition] | None
) -> tuple[int, Condition] | None:
    """The opposite, where 不 stands in the head: 老家不在定陶."""
    if found is None or not (head["no"] or head["not"]):
        return found
    return found[0], Not(found[1])


def _has_place(field: Field, places: Sequence[Place]) -> Has:
    return saying.has(field, [one.id for one in places], [one.name for one in places])
