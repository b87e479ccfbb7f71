"""An audience as it is typed: «老家在定陶 且 在外地 且 想做种养、电商 且 不（30天内联系过）»."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from matching.audience.faults import AudienceFault as AudienceFault
from matching.audience.values import (
    All,
    Condition,
    Day,
    Either,
    Field,
    Full,
    Has,
    Lately,
    Not,
)
from matching.audience.words import EVERYBODY, PHRASES, VERBS, Verb

LONGEST = 2_000  # characters
_DEEPEST = 20  # brackets in brackets
_AND, _OR = ("并且", "而且", "同时", "且"), ("或者", "或是", "或")
_NOT = ("不是", "没有", "除了", "不", "非", "没")
_OPEN, _CLOSE = "(", ")"
_END = r"(?=$|[\s,;()、/]|且|或|并且|而且|同时)"
_BLANK = re.compile(r"[\s。]")
_COMMA = re.compile(r"[\s,;]+")
_LIST = re.compile(r"\s*(?:[、/]|或者|或是|或)\s*")
_HOME = re.compile(rf"(?:老家|家|家乡|户籍)(?:在|是)(?P<place>[^\s,;()、/且或]+){_END}")
_CITY = re.compile(
    r"(?:现在|人|目前)在(?P<place>[^\s,;()、/且或]+?)(?:打工|务工|上班|干活)?" + _END
)
_BARE = re.compile(rf"(?P<place>[^\s,;()、/且或]+?)(?:的人|籍|人|的)?{_END}")
_LATELY = re.compile(
    r"(?:最近|近)?(?P<days>\d{1,4})天(?:之|以)?内(?P<what>联系过|来过|登记|登记的|登记过)"
)
_QUIET = re.compile(r"(?P<days>\d{1,4})天(?:没有|没)(?:联系过|联系|来过|消息)")
_SINCE = re.compile(r"登记满(?P<days>\d{1,4})天")
_LICENCE = re.compile(r"(?:执照|营业执照|办照)满(?P<months>\d{1,3})个月")
_COURSE = re.compile(r"(?:报了|上了|上过|报过)?课(?:程)?(?P<number>\d{1,6})(?:的学员|学员|的人)?")
_TAG = re.compile(rf"标签(?:是|为|:)?(?P<tag>[^\s,;()、/且或]+){_END}")
_HINT = "老家在…、现在在…、在外地、想做…、会…、缺…、30天内联系过、同意推送、标签…"


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
        return self.condition.said


def parse(text: str, places: Places) -> Audience:
    """AudienceFault says where it cannot be understood and what may stand there."""
    plain = _BLANK.sub(" ", unicodedata.normalize("NFKC", text)).rstrip()
    if len(plain) > LONGEST:
        raise AudienceFault(LONGEST, "", f"最多{LONGEST}个字，请写短一些")
    try:
        return Audience(_Reader(plain, places).whole(), text)
    except AudienceFault as fault:
        fault.text = plain
        raise


class _Reader:
    """Reads from left to right: 且 binds first, then 或, then commas and spaces (and also).

    The last verb stays in force for bare words: 会电工 且 焊工.
    """

    def __init__(self, text: str, places: Places) -> None:
        self._text, self._places = text, places
        self._at = 0
        self._depth = 0
        self._verb: Verb | None = None

    def whole(self) -> Condition:
        self._skip()
        if self._at == len(self._text):
            raise self._fault(f"还没写发给谁，可以写：所有人，或者{_HINT}")
        found = self._list()
        if self._at < len(self._text):
            what = "多了一个右括号" if self._text[self._at] == _CLOSE else f"可以写：{_HINT}"
            raise self._fault(what)
        return found

    def _list(self) -> Condition:
        parts = [self._either()]
        while self._goes_on():
            parts.append(self._either())
        return parts[0] if len(parts) == 1 else All(_flat(parts, All))

    def _either(self) -> Condition:
        parts = [self._all()]
        while self._takes(_OR):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Either(_flat(parts, Either))

    def _all(self) -> Condition:
        parts = [self._one()]
        while self._takes(_AND):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else All(_flat(parts, All))

    def _goes_on(self) -> bool:
        """Whether another condition follows a comma or a space, or opens a bracket."""
        begin = self._at
        self._skip()
        rest = self._text[self._at :]
        return bool(rest) and rest[0] != _CLOSE and (self._at > begin or rest[0] == _OPEN)

    def _one(self) -> Condition:
        self._skip()
        if self._text.startswith(_OPEN, self._at):
            return self._bracket()
        found = self._condition()
        if found is not None:
            return found
        if self._takes(_NOT):
            return Not(self._one())
        raise self._unknown()

    def _bracket(self) -> Condition:
        self._at, self._depth = self._at + 1, self._depth + 1
        if self._depth > _DEEPEST:
            raise self._fault("括号套得太深了，请写简单些")
        self._verb = None
        inner = self._list()
        self._skip()
        if not self._text.startswith(_CLOSE, self._at):
            raise self._fault("少一个右括号“）”")
        self._at, self._depth, self._verb = self._at + 1, self._depth - 1, None
        return inner

    def _condition(self) -> Condition | None:
        """The longest of what can stand here; None where nothing can."""
        found = max(self._readings(), key=lambda each: each[0], default=None)
        if found is not None:
            self._at, self._verb = found[0], found[2]
            return found[1]
        return self._of_place(_BARE, Field.HOME)

    def _readings(self) -> Iterator[tuple[int, Condition, Verb | None]]:
        for phrase in EVERYBODY:
            if self._text.startswith(phrase, self._at):
                yield self._at + len(phrase), All(()), None
        for phrase, (field, values) in PHRASES.items():
            if self._text.startswith(phrase, self._at):
                yield self._at + len(phrase), Has(field, frozenset(values), phrase), None
        yield from self._by_verb()
        for found in (
            self._by_pattern(),
            self._named(_HOME, Field.HOME),
            self._named(_CITY, Field.CITY),
        ):
            if found is not None:
                yield (*found, None)

    def _by_verb(self) -> Iterator[tuple[int, Condition, Verb | None]]:
        for verb in VERBS:
            for head in verb.spelt:
                if self._text.startswith(head, self._at):
                    yield from self._words(verb, self._at + len(head))
        if self._verb is not None:
            yield from self._words(self._verb, self._at)

    def _words(self, verb: Verb, begin: int) -> Iterator[tuple[int, Condition, Verb | None]]:
        values: list[str] = []
        said: list[str] = []
        end = at = self._past_space(begin)
        while word := self._longest(verb.takes, at):
            values += verb.takes[word]
            said.append(word)
            end = at + len(word)
            more = _LIST.match(self._text, end)
            if not more:
                break
            at = more.end()
        if said:
            words = f"{verb.said}{'、'.join(said)}"
            yield end, Has(verb.field, frozenset(values), words), verb

    def _by_pattern(self) -> tuple[int, Condition] | None:
        text, at = self._text, self._at
        if found := _LATELY.match(text, at):
            day = Day.REGISTERED if found["what"].startswith("登记") else Day.CONTACT
            what = "登记" if day is Day.REGISTERED else "联系过"
            days = int(found["days"])
            return found.end(), Lately(day, days, f"{days}天内{what}")
        if found := _QUIET.match(text, at):
            days = int(found["days"])
            return found.end(), Not(Lately(Day.CONTACT, days, f"{days}天内联系过"))
        if found := _SINCE.match(text, at):
            days = int(found["days"]) - 1
            return found.end(), Not(Lately(Day.REGISTERED, max(days, 0), f"{days}天内登记"))
        if found := _LICENCE.match(text, at):
            months = int(found["months"])
            return found.end(), Full(Day.LICENSED, months, f"执照满{months}个月")
        if found := _COURSE.match(text, at):
            number = str(int(found["number"]))
            return found.end(), Has(Field.COURSE, frozenset({number}), f"课程{number}学员")
        if found := _TAG.match(text, at):
            return found.end(), Has(Field.TAG, frozenset({found["tag"]}), f"标签{found['tag']}")
        return None

    def _named(self, pattern: re.Pattern[str], field: Field) -> tuple[int, Condition] | None:
        found = pattern.match(self._text, self._at)
        if not found:
            return None
        place = self._place(found["place"], found.start("place"))
        head = "老家在" if field is Field.HOME else "现在在"
        return found.end(), Has(field, frozenset({place.id}), head + place.name)

    def _of_place(self, pattern: re.Pattern[str], field: Field) -> Condition | None:
        """A place's name alone is where people are at home."""
        found = pattern.match(self._text, self._at)
        if not found or not self._places(found["place"]):
            return None
        place = self._place(found["place"], found.start("place"))
        self._at, self._verb = found.end(), None
        return Has(field, frozenset({place.id}), f"老家在{place.name}")

    def _place(self, name: str, where: int) -> Place:
        found = self._places(name)
        if len(found) == 1:
            return found[0]
        if found:
            names = "、".join(one.name for one in found[:5])
            raise AudienceFault(where + 1, name, f"有好几个：{names}，请写全")
        raise AudienceFault(where + 1, name, "没有这个地方，请写县、乡镇或村的名字")

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
        found = _COMMA.match(self._text, at)
        return found.end() if found else at

    def _unknown(self) -> AudienceFault:
        """What stands here is nothing that is known: what it may have been meant for."""
        rest = self._text[self._at :]
        for verb in VERBS:
            for head in sorted(verb.spelt, key=len, reverse=True):
                if rest.startswith(head):
                    at = self._past_space(self._at + len(head))
                    words = "、".join(dict.fromkeys(_first_words(verb)))
                    return self._fault(f"“{head}”后面可以写：{words}", at)
        word = re.split(r"[\s,;()、/且或]", rest, maxsplit=1)[0]
        near = difflib.get_close_matches(word, [*PHRASES, *EVERYBODY], n=1, cutoff=0.5)
        return self._fault(f"是不是“{near[0]}”" if near else f"可以写：{_HINT}")

    def _fault(self, expected: str, at: int | None = None) -> AudienceFault:
        at = self._at if at is None else at
        said = re.split(r"[\s,;]", self._text[at : at + 8], maxsplit=1)[0]
        return AudienceFault(at + 1, said, expected)


def _first_words(verb: Verb) -> Iterator[str]:
    """One word for each thing that a verb takes."""
    seen: set[tuple[str, ...]] = set()
    for word, values in verb.takes.items():
        if values not in seen:
            seen.add(values)
            yield word


def _flat(parts: Sequence[Condition], kind: type[All] | type[Either]) -> tuple[Condition, ...]:
    """A chain of one kind is one list."""
    found: list[Condition] = []
    for part in parts:
        found += part.parts if isinstance(part, kind) and part.parts else (part,)
    return tuple(found)
