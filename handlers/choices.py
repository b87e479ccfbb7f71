"""Choosing from a list: by number, by word, by the sound of the word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from handlers import hearing
from handlers.texts import table

ONE_PAGE = 9  # single-digit options that fit on one page
SHORT_PAGE = 8  # options on a page when 9 means more


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: what is stored, what is shown, what people say for it.

    `remark` is said when it was chosen; `ends` closes a form in the named way ("too_young");
    `place` names the field that a place fills which is said instead of the option («我在东莞»);
    `months` is the shortest span that is said instead of it («八个月»); `alone`: it goes with no
    other («没想好»).
    """

    code: str
    label: str
    say: tuple[str, ...] = ()
    remark: str = ""
    ends: str = ""
    place: str = ""
    months: int | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Picked:
    """What a message chose: codes, and whether it asked for the next page of the list."""

    codes: tuple[str, ...] = ()
    more: bool = False


def page_of(choices: Sequence[Choice], page: int) -> tuple[Choice, ...]:
    """The choices that a page shows."""
    if len(choices) <= ONE_PAGE:
        return tuple(choices)
    start = page % pages(choices) * SHORT_PAGE
    return tuple(choices[start : start + SHORT_PAGE])


def pages(choices: Sequence[Choice]) -> int:
    """How many pages a list needs."""
    return 1 if len(choices) <= ONE_PAGE else -(-len(choices) // SHORT_PAGE)


def by_number(text: str, choices: Sequence[Choice], *, page: int = 0, most: int = 1) -> Picked:
    """What the numbers of a message choose on this page; nothing if one of them is not there."""
    if hearing.phone(text):
        return Picked()
    shown = page_of(choices, page)
    given = _single_digits(hearing.numbers(text), len(shown), most)
    more = pages(choices) > 1 and 9 in given
    wanted = [number for number in given if not (more and number == 9)]
    if any(not 1 <= number <= len(shown) for number in wanted):
        return Picked()
    return Picked(_unique(shown[number - 1].code for number in wanted), more)


def by_word(text: str, choices: Sequence[Choice]) -> tuple[str, ...]:
    """The choice that a message names and nothing else, also when only the sound agrees."""
    said = hearing.core(text)
    spoken = hearing.sound(said)
    for choice in choices:
        if said in _words(choice):
            return (choice.code,)
    for choice in choices:
        if len(said) > 1 and spoken in [hearing.sound(word) for word in _words(choice)]:
            return (choice.code,)
    return ()


def within(text: str, choices: Sequence[Choice]) -> tuple[str, ...]:
    """The choices that a longer message mentions, in its order; those it denies are left out."""
    said = hearing.core(text)
    found: dict[int, tuple[str, str]] = {}
    for word, code in _longest_first(choices):
        start = said.find(word)
        while start >= 0:
            if not any(_overlaps(start, word, at, other) for at, (other, _) in found.items()):
                found[start] = (word, "" if _is_denied(said, start) else code)
            start = said.find(word, start + 1)
    return _unique(code for _, (_, code) in sorted(found.items()) if code)


def pick(text: str, name: str) -> str | None:
    """The one choice of a short list of the texts that a message makes."""
    return pick_from(text, named(name))


def pick_from(text: str, offered: Sequence[Choice]) -> str | None:
    """The one choice that a message makes, in whatever words."""
    codes = by_number(text, offered).codes or by_word(text, offered)
    if not codes and not hearing.asks(text):
        codes = within(text, offered)
    return codes[0] if len(codes) == 1 else None


def named(name: str) -> tuple[Choice, ...]:
    """A list of choices that the texts define; yes and no bring the words that mean them."""
    return _named()[name]


@cache
def _named() -> dict[str, tuple[Choice, ...]]:
    return {name: tuple(made(row) for row in rows) for name, rows in table("choices").items()}


def made(row: dict[str, Any]) -> Choice:
    """A choice from its row in a file."""
    code = str(row["code"])
    said = row.get("say", [])
    words = tuple(str(word) for word in said) if isinstance(said, list) else ()
    return Choice(
        code=code,
        label=str(row["label"]),
        say=(*words, *table("words")["answers"].get(code, ())),
        remark=str(row.get("remark", "")),
        ends=str(row.get("ends", "")),
        place=str(row.get("place", "")),
        months=row.get("months"),
        alone=bool(row.get("alone", False)),
    )


def _single_digits(given: tuple[int, ...], shown: int, most: int) -> tuple[int, ...]:
    # "25" for a list where several may be chosen means the second and the fifth.
    if most > 1 and len(given) == 1 and given[0] > max(shown, 9):
        digits = tuple(int(digit) for digit in str(given[0]))
        return digits if len(set(digits)) == len(digits) else given  # "11" is not the first
    return given


def _words(choice: Choice) -> tuple[str, ...]:
    return (_spoken(choice.label), *choice.say)


@cache
def _spoken(label: str) -> str:
    """A label as somebody who types it sends it."""
    return hearing.core(hearing.clean(label))


def _longest_first(choices: Sequence[Choice]) -> Iterator[tuple[str, str]]:
    pairs = [(word, c.code) for c in choices for word in _words(c) if len(word) > 1]
    return iter(sorted(pairs, key=lambda pair: -len(pair[0])))


def _overlaps(start: int, word: str, at: int, other: str) -> bool:
    return start < at + len(other) and at < start + len(word)


def _is_denied(said: str, start: int) -> bool:
    return said[max(0, start - 2) : start].endswith(
        ("不", "没", "非", "别", "不是", "没有", "不想", "不会", "不要")
    )


def _unique(codes: Iterator[str] | Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))
