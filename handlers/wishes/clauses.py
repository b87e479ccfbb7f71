"""Understanding how people say what they wish of our messages, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from handlers import hearing
from handlers.wishes.about import EXCEPT, LEFT_OUT, kept_too, only, refused, resumed
from handlers.wishes.beside import by_own_clock, is_reason
from handlers.wishes.moments import dayed, no_such_day, paused, timed
from handlers.wishes.often import rated, usual
from handlers.wishes.phrases import Heard
from knowledge.numerals import digits
from records.wishes import Wanted, Wish, both

_LONGEST = 60
_STOPS = re.compile(r"[\s,.;:!、，。；！~]+|(?:另外|还有|并且|而且|但是|不过(?!来))")
_BEFORE = re.compile(
    r"^(?:请|麻烦|以后|今后|往后|能不能|可不可以|可以|能|你们|您们|你|您|我想|我要|我希望|希望|最好|那|"
    r"咱|俺|就|都|也|还是|跟你们说|嗯|哎|那些|关于)+"
)
_HINT = re.compile(r"[发推收吵扰烦班次条照限]|不[要想看需]|用不着|恢复|联系|太多|找[我俺]")
_Reader = Callable[[str, datetime], Heard | None]


def heard(text: str, now: datetime) -> Heard | None:
    """What a message wishes of our messages; None where any part of it says something else."""
    said = hearing.core(hearing.clean(text))
    if not said or len(said) > _LONGEST or "?" in said or not _HINT.search(said):
        return None
    clauses = _joined([one for one in _STOPS.split(by_own_clock(digits(said))) if one])
    read = [(clause, _one(clause, now)) for clause in clauses]
    wished = [one for _, one in read if one is not None]
    beside_it = [clause for clause, one in read if one is None and not _is_idle(clause)]
    kept = [kept_too(_BEFORE.sub("", clause)) for clause in beside_it]
    if not wished or None in kept:
        return None
    return _together([*wished, *(one for one in kept if one is not None)])


def _joined(clauses: Sequence[str]) -> list[str]:
    """The clauses of which one says what the other leaves: «除了招工的，旁的别发»."""
    joined: list[str] = []
    for clause in clauses:
        if joined and (LEFT_OUT.match(clause) or EXCEPT.match(_BEFORE.sub("", joined[-1]))):
            joined[-1] += clause
        elif joined and LEFT_OUT.match(joined[-1]):
            joined[-1] = clause + joined[-1]
        else:
            joined.append(clause)
    return joined


def _is_idle(clause: str) -> bool:
    return is_reason(clause) or is_reason(_BEFORE.sub("", clause))


def unreal(text: str, now: datetime) -> str:
    """The day in it until which nothing is wished, where there is no such day; else ""."""
    said = hearing.core(hearing.clean(text))
    if len(said) > _LONGEST or "?" in said:
        return ""
    clauses = (_BEFORE.sub("", one) for one in _STOPS.split(digits(said)) if one)
    return next(filter(None, (no_such_day(clause, now) for clause in clauses)), "")


def _one(clause: str, now: datetime) -> Heard | None:
    bare = _BEFORE.sub("", clause) or clause
    for reader in _READERS:
        read = reader(bare, now)
        if read is not None:
            return read
    return None


def _together(found: Sequence[Heard]) -> Heard:
    wanted: dict[str, Wanted] = {}
    for one in found:
        for each in one.wanted:
            known = wanted.get(each.name)
            wanted[each.name] = both(known, each) if known else each
    dropped = tuple(name for one in found for name in one.dropped if name not in wanted)
    is_clear = any(one.is_clear for one in found)
    narrows = tuple(
        name for name in wanted if all(name in f.narrows for f in found if name in _names(f))
    )
    return Heard(tuple(wanted.values()), dropped, is_clear, narrows)


def _names(found: Heard) -> set[str]:
    return {one.name for one in found.wanted}


def beside(found: Heard, wish: Wish) -> Heard:
    """What is wished with what holds already: who says what not to send never gets more."""
    known = {one.name: one for one in wish.wanted if one.name in found.narrows}
    wanted = tuple(
        both(known[one.name], one) if one.name in known else one for one in found.wanted
    )
    return replace(found, wanted=wanted)


_READERS: tuple[_Reader, ...] = (
    usual,
    rated,
    only,
    timed,
    dayed,
    refused,
    resumed,
    paused,
)
