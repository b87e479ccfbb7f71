"""Forms as data: questions, options, order and checks, read from a file and refused if unclear."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from handlers.choices import Choice, made

Answers = Mapping[str, Any]
REGISTRATION, PROXY = "registration", "proxy"
_SHIPPED = (REGISTRATION, PROXY)
_LONGEST_ASK = 78  # so that «第n题,共n题» still fits on the message


class Kind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    CHOICES = "choices"
    PLACE = "place"
    NAME = "name"
    PHONE = "phone"
    NUMBER = "number"
    MONTHS = "months"
    TEXT = "text"


SEALED = frozenset({Kind.NAME, Kind.PHONE, Kind.TEXT})
LISTED = frozenset({Kind.CHOICE, Kind.CHOICES})


class FormError(Exception):
    """A form file cannot be used; the message names the file, the question and the fault."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When something holds: each field named has one of the values listed; "*" is any value."""

    wanted: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    def holds(self, answers: Answers) -> bool:
        return all(_any_of(answers.get(name), values) for name, values in self.wanted.items())


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form.

    `ask_if` decides whether it is asked, `assume` gives the answer where it is plain already;
    `variants` are other wordings for other situations; `consent` names a separate yes without
    which it is not asked (`why` says what for). `grants` makes the answer itself a yes or no to
    that consent. `counted` answers live on as totals. `free` lets words beside the list pass, or a
    text be a number; `called` are names for it beside its label («改电话»). `noted_as` is a code
    in the clear that follows from the words, for the same purpose and readers.
    """

    id: str
    number: int
    kind: Kind
    label: str
    ask: str
    help: str
    purpose: str
    readers: tuple[str, ...]
    required: bool = False
    counted: bool = False
    choices: tuple[Choice, ...] = ()
    most: int = 1
    least: int = 0
    limit: int = 600
    free: str = ""
    consent: str = ""
    why: str = ""
    grants: str = ""
    called: tuple[str, ...] = ()
    noted_as: str = ""
    ask_if: Rule = field(default_factory=Rule)
    assume: tuple[tuple[Rule, Any], ...] = ()
    variants: tuple[tuple[Rule, str], ...] = ()

    def wording(self, answers: Answers) -> str:
        """How it is asked, given what was answered before."""
        return next((text for rule, text in self.variants if rule.holds(answers)), self.ask)

    def choice(self, code: str) -> Choice | None:
        """The option with this code."""
        return next((choice for choice in self.choices if choice.code == code), None)


@dataclass(frozen=True, slots=True)
class Form:
    """All questions in order; `total` is the n of «共n题»."""

    id: str
    title: str
    questions: tuple[Question, ...]

    @property
    def total(self) -> int:
        return max(question.number for question in self.questions)

    @property
    def counted(self) -> tuple[str, ...]:
        """The fields that totals are made of."""
        return tuple(question.id for question in self.questions if question.counted)

    def question(self, name: str) -> Question | None:
        return next((q for q in self.questions if q.id == name), None)

    def numbered(self, number: int) -> tuple[Question, ...]:
        """The questions that share a number."""
        return tuple(q for q in self.questions if q.number == number and number > 0)


Forms = Mapping[str, Form]


def load_forms(folder: Path | None = None) -> Forms:
    """The forms that come with the program; one of the same id in `folder` takes its place."""
    forms = dict(shipped_forms())
    for path in sorted(folder.glob("*.toml")) if folder else ():
        form = read_form(path)
        forms[form.id] = form
    return MappingProxyType(forms)


@cache
def shipped_forms() -> Forms:
    """The forms that come with the program."""
    own = files("handlers").joinpath("forms")
    forms = [read_form(own.joinpath(f"{name}.toml")) for name in _SHIPPED]
    return MappingProxyType({form.id: form for form in forms})


def read_form(file: Traversable | Path) -> Form:
    """One form; FormError says in which question what is wrong."""
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FormError(f"{file.name}: {error}") from error
    rows = data.get("question", [])
    if not rows or "id" not in data or "title" not in data:
        raise FormError(f"{file.name}: a form needs id, title and at least one [[question]]")
    questions: list[Question] = []
    for row in rows:
        try:
            questions.append(_question(row, {q.id for q in questions}))
        except FormError as fault:
            raise FormError(f"{file.name}: question {row.get('id', '?')}: {fault}") from fault
    return Form(str(data["id"]), str(data["title"]), tuple(questions))


def _question(row: Mapping[str, Any], earlier: set[str]) -> Question:
    _check_fields(row)
    if row["id"] in earlier:
        raise FormError("this id is taken by an earlier question")
    question = Question(
        id=row["id"],
        number=row["number"],
        kind=Kind(row["kind"]),
        label=row["label"],
        ask=row["ask"],
        help=row["help"],
        purpose=row["purpose"],
        readers=tuple(row["readers"]),
        required=row.get("required", False),
        counted=row.get("counted", False),
        choices=tuple(made(choice) for choice in row.get("choice", [])),
        most=row.get("most", 1),
        least=row.get("least", 0),
        limit=row.get("limit", 600),
        free=row.get("free", ""),
        consent=row.get("consent", ""),
        why=row.get("why", ""),
        grants=row.get("grants", ""),
        called=tuple(row.get("called", [])),
        noted_as=row.get("noted_as", ""),
        ask_if=_rule(row.get("ask_if", {}), earlier),
        assume=tuple((_rule(a["when"], earlier), a["value"]) for a in row.get("assume", [])),
        variants=tuple((_rule(v["when"], earlier), v["ask"]) for v in row.get("variant", [])),
    )
    _check_sense(question)
    return question


def _check_fields(row: Mapping[str, Any]) -> None:
    needed = {"id", "number", "kind", "label", "ask", "help", "purpose", "readers"}
    missing = sorted(needed - row.keys())
    if missing:
        raise FormError(f"{missing[0]} is missing")
    optional = set(Question.__slots__) | {"choice", "variant"}
    unknown = sorted(row.keys() - optional)
    if unknown:
        raise FormError(f"{unknown[0]} means nothing here")
    if row["kind"] not in set(Kind):
        raise FormError(f"kind {row['kind']!r} is none of {', '.join(Kind)}")


def _check_sense(question: Question) -> None:
    if (question.kind in LISTED) != bool(question.choices):
        raise FormError("a choice needs options, and only a choice has them")
    if not question.purpose or not question.readers:
        raise FormError("purpose and readers must say why it is asked and who may read it")
    if question.consent and not question.why:
        raise FormError("a question with a consent of its own must say why")
    texts = [question.ask, question.help, *(text for _, text in question.variants)]
    if any(len(text) > _LONGEST_ASK or text.count("\n") > 1 for text in texts):
        raise FormError(f"wording and help may have {_LONGEST_ASK} characters on two lines")
    if len({choice.code for choice in question.choices}) != len(question.choices):
        raise FormError("two options have the same code")


def _rule(wanted: Mapping[str, Any], earlier: set[str]) -> Rule:
    for name in wanted:
        if name not in earlier:
            raise FormError(f"it depends on {name}, which is not asked before it")
    listed = {n: tuple(v) if isinstance(v, list) else (v,) for n, v in wanted.items()}
    return Rule(MappingProxyType(listed))


def _any_of(given: Any, wanted: tuple[Any, ...]) -> bool:
    if "*" in wanted:
        return given is not None
    return any(one in wanted for one in given) if isinstance(given, list) else given in wanted
