"""The questions of the self-check: how each is asked, and what answers it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers import choices, hearing
from handlers.choices import Choice, made
from handlers.self_check import reading
from handlers.texts import table
from knowledge.text import normalise
from matching.eligibility import Result
from matching.facts import Entity

MOST_PEOPLE = 999
_COUNT = re.compile(r"\D{0,5}?(\d{1,4})(?:个|口|人|名|位|$)\D{0,4}")
_NOT_COUNTED = re.compile(r"\d+(?:年|月|岁|万|元|块|天|日|号)")
_NOBODY = re.compile(r"^(?:1个?(?:也|都))?(?:没有|没|无|没签|没有签|还没签)(?:的|人|过|呢)?$")
_NO_LICENCE = re.compile(r"^(?:还)?(?:没有|没)(?:去)?办?(?:呢|的|过)?$")
_EITHER = re.compile(r"有没有|有没|有无")  # asks for something, and says neither
_COUNTS = ("headcount_incl_founder", "contracts_1y")

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its words, its options, and the facts that each option stands for."""

    attr: str
    ask: str
    help: str
    choices: tuple[Choice, ...] = ()
    meanings: Mapping[str, Answers] | None = None
    month: tuple[str, str] | None = None  # the licence's month, where only the day is open

    def answer(self, text: str, today: date) -> dict[str, Any]:
        """The facts that a message gives, this question's own before what else it tells."""
        return {**reading.read(text, today), **(self._own(text, today) or {})}

    def _own(self, text: str, today: date) -> Answers | None:
        if self.attr in _COUNTS:
            count = _counted(text, self.attr)
            return None if count is None else {self.attr: count}
        if self.attr == "registered_on":
            return self._licence(text, today)
        codes = choices.by_number(text, self.choices).codes or choices.by_word(text, self.choices)
        codes = codes or choices.within(_EITHER.sub("", text), self.choices)
        return (self.meanings or {}).get(codes[0]) if len(codes) == 1 else None

    def _licence(self, text: str, today: date) -> Answers | None:
        if _NO_LICENCE.search(normalise(text)):
            return {"entity_type": Entity.NONE.value}
        found = reading.day_in(self.month, text, today) if self.month else None
        found = found or reading.days(text, today)
        return {self.attr: found} if found else None


def question_for(attr: str, answers: Answers, results: Sequence[Result]) -> Question:
    """How to ask for an attribute, given what is known already."""
    open_ones = [r.policy.condition for r in results if r.question == "recognised_as"]
    clauses = [clause for condition in open_ones for clause in condition.clauses]
    return question_about(attr, answers, [name for c in clauses for name in c.names])


def question_about(attr: str, answers: Answers, names: Sequence[str]) -> Question:
    """How to ask for an attribute; `names` are the titles to choose from."""
    if attr == "recognised_as":
        return _about_titles(list(dict.fromkeys(names)))
    if attr == "registered_on" and _is_month(answers.get(attr)):
        row, month = table("self_check")["registration_day"], answers[attr]
        return Question(attr, row["ask"], row["help"], month=(month[0], month[1]))
    row = table("self_check")[attr]
    rows = row.get("choice", [])
    meanings = {r["code"]: {attr: r["value"]} for r in rows}
    return Question(attr, row["ask"], row["help"], tuple(map(made, rows)), meanings)


def _about_titles(names: Sequence[str]) -> Question:
    """Whether the person holds one of the titles that the open policies ask for."""
    row = table("self_check")["recognised_as"]
    none = {"recognised_as": [], "not_recognised_as": [*names]}
    if len(names) == 1:
        held: dict[str, Answers] = {"yes": {"recognised_as": [*names]}, "no": none}
        ask = row["ask_one"].format(name=names[0])
        listed = tuple(Choice(code, row[code], tuple(row[f"say_{code}"])) for code in held)
        return Question("recognised_as", ask, row["help"], listed, held)
    held = {name: _only(name, names) for name in names} | {"none": none}
    listed = (*(Choice(name, name) for name in names), Choice("none", row["none"]))
    return Question("recognised_as", row["ask"], row["help"], listed, held)


def _only(name: str, names: Sequence[str]) -> Answers:
    return {"recognised_as": [name], "not_recognised_as": [n for n in names if n != name]}


def _counted(text: str, attr: str) -> int | None:
    said = normalise(text)
    if attr == "contracts_1y" and _NOBODY.search(said):
        return 0
    typed = hearing.numbers(text)
    found = _COUNT.fullmatch(said) if not _NOT_COUNTED.search(said) else None
    count = typed[0] if len(typed) == 1 else int(found.group(1)) if found else None
    least = 1 if attr == "headcount_incl_founder" else 0
    return count if count is not None and least <= count <= MOST_PEOPLE else None


def _is_month(days: Sequence[str] | None) -> bool:
    """Whether a licence's day is known to lie in one month, but not which day it is."""
    return bool(days and days[0] != days[1] and days[0][:7] == days[1][:7])
