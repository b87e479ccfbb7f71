"""What staff write to move a request or to work on an application, read as values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from handlers import hearing
from handlers.tickets import loans
from outreach import routing
from outreach.routing import Matter
from records.applications import Outcome
from records.tickets import Level

_NUMBER = r"(?:编号)?\s*([0-9A-Za-z]{4,8}(?![0-9A-Za-z]))"
_BETWEEN = r"[\s:：,，]*+"
_MOVE = re.compile(rf"转(?:给|到|办)?{_BETWEEN}{_NUMBER}{_BETWEEN}(.*)", re.DOTALL)
_ACCEPT = re.compile(
    rf"受理{_BETWEEN}(?:编号)?\s*([0-9A-Za-z]{{4,11}})(?![0-9A-Za-z])(.*)", re.DOTALL
)
_PAPERS = re.compile(rf"(?:补齐|材料补齐|补交){_BETWEEN}{_NUMBER}")
_DECIDE = re.compile(
    rf"结论{_BETWEEN}{_NUMBER}{_BETWEEN}(不?通过|不?同意|批准?了?|没批|不批|驳回|退回)?{_BETWEEN}(.*)",
    re.DOTALL,
)
_DAY = r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]"
_HANDED_IN = re.compile(rf"{_DAY}(?:提)?(?:交|报|收到|递)(?:上来|来)?的?")
_LACKS = re.compile(
    rf"(?:容缺|还缺|缺少|缺|欠)[:：]?\s*(.+?)[\s,，]*{_DAY}(?:之?前|补|交|补齐|补交)*\s*$"
)
_LACKS_AT_ALL = re.compile(r"(?:容缺|还缺|缺少|(?:^|[\s,，])缺|(?:^|[\s,，])欠)")
_JOIN = re.compile(rf"会办{_BETWEEN}{_NUMBER}{_BETWEEN}(.+)", re.DOTALL)
_PART_DONE = re.compile(
    rf"会办(?:好了?|完了?){_BETWEEN}{_NUMBER}{_BETWEEN}(\S+?)(?:[\s,，:：]+(.+))?", re.DOTALL
)
_EDGES = " \t\n,，。;；、:："
_LONGEST = 40  # characters of what is applied for
_WHY = 200
_OFFICES, _OFFICE = 8, 20  # together at most, and characters of a name
_PHONE = 11
_FARTHEST = timedelta(days=180)  # papers that may follow do so within


@dataclass(frozen=True, slots=True)
class Move:
    """A request is to go to another level, or to have another subject."""

    number: str
    level: Level | None = None
    matter: Matter | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Accept:
    """An application was handed in by whom a request or a phone number names.

    `is_unclear`: papers are lacking, and no day is named by which they must come.
    """

    who: str
    what: str
    handed_in: date | None = None
    papers: str = ""
    papers_until: date | None = None
    is_unclear: bool = False

    @property
    def is_by_phone(self) -> bool:
        return len(self.who) == _PHONE and self.who.isdigit()


@dataclass(frozen=True, slots=True)
class PapersCame:
    """What was to follow is there."""

    number: str


@dataclass(frozen=True, slots=True)
class Decide:
    """The office has decided; None where the line does not say how."""

    number: str
    outcome: Outcome | None
    why: str = ""
    lent: int | None = None  # yuan


@dataclass(frozen=True, slots=True)
class Join:
    """Several offices are to serve a request together."""

    number: str
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartDone:
    """One of them has done its part."""

    number: str
    office: str
    note: str = ""


Wish = Move | Join | PartDone | Accept | PapersCame | Decide


def wish_of(text: str, today: date) -> Wish | None:
    """What a line of the staff's is about; None where it is none of these."""
    said = text.strip()
    if found := _MOVE.fullmatch(said):
        return _move(found[1].upper(), found[2])
    if found := _PART_DONE.fullmatch(said):
        return PartDone(found[1].upper(), found[2], (found[3] or "").strip(_EDGES)[:_WHY])
    if found := _JOIN.fullmatch(said):
        return Join(found[1].upper(), offices_in(found[2]))
    if found := _ACCEPT.fullmatch(said):
        return _accept(found[1].upper(), found[2], today)
    if found := _PAPERS.fullmatch(said):
        return PapersCame(found[1].upper())
    if found := _DECIDE.fullmatch(said):
        outcome = _outcome(found[2])
        lent, why = loans.lent_in(found[3]) if outcome is Outcome.GRANTED else (None, found[3])
        return Decide(found[1].upper(), outcome, why.strip(_EDGES)[:_WHY], lent)
    return None


def phone_in(text: str) -> str:
    """The number of the person for whom an application is entered; "" if there is none."""
    found = _ACCEPT.fullmatch(text.strip())
    return hearing.phone(found[1]) if found else ""


def _move(number: str, rest: str) -> Move:
    level: Level | None = None
    matter: Matter | None = None
    words = re.split(r"[\s,，、:：]+", rest.strip(_EDGES))
    while words:
        if level is None and (named := routing.level_called(words[0])):
            level = named
        elif matter is None and (called := routing.matter_called(words[0])):
            matter = called
        else:
            break
        words = words[1:]
    return Move(number, level, matter, " ".join(words)[:_WHY])


def offices_in(text: str) -> tuple[str, ...]:
    """The offices that staff write, each once."""
    names = re.split(r"[\s,，、;；]+", text.strip(_EDGES))
    return tuple(dict.fromkeys(name[:_OFFICE] for name in names if name))[:_OFFICES]


def _accept(who: str, rest: str, today: date) -> Accept:
    handed_in, papers, until = None, "", None
    if found := _HANDED_IN.search(rest):
        handed_in = _past(found[1], found[2], found[3], today)
        rest = f"{rest[: found.start()]} {rest[found.end() :]}"
    if found := _LACKS.search(rest):
        papers = found[1].strip(_EDGES)
        until = _coming(found[2], found[3], found[4], today)
        rest = rest[: found.start()]
    is_unclear = (bool(papers) and until is None) or bool(_LACKS_AT_ALL.search(rest))
    what = " ".join(rest.strip(_EDGES).split())[:_LONGEST]
    return Accept(who, what, handed_in, papers[:_WHY], until, is_unclear)


def _outcome(word: str | None) -> Outcome | None:
    if not word:
        return None
    refused = word.startswith(("不", "没")) or word in ("驳回", "退回")
    return Outcome.REFUSED if refused else Outcome.GRANTED


def _past(year: str | None, month: str, day: str, today: date) -> date | None:
    """The day named, of this year or, where that has not come yet, the last."""
    found = _date(int(year or today.year), month, day)
    if found and found > today and not year:
        found = _date(today.year - 1, month, day)
    return found


def _coming(year: str | None, month: str, day: str, today: date) -> date | None:
    """The day named, not over yet and not so far away that a day that is over is meant."""
    found = _date(int(year or today.year), month, day)
    if found and found < today and not year:
        found = _date(today.year + 1, month, day)
    return found if found and today <= found <= today + _FARTHEST else None


def _date(year: int, month: str, day: str) -> date | None:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None
