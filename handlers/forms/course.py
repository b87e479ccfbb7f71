"""The course of a form: which question comes next, what is answered, what the summary says."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers import hearing
from handlers.forms.form import SEALED, Answers, Form, Kind, Question
from handlers.texts import say
from records.consents import Said
from records.people import Entered, Source

WORDS = "_text"  # beside a code: how it was said
_CHANGE = re.compile(
    r"(?:我?(?:要|想|得)|帮我|请)?(?:修改|更改|更正|改|换)(?:一下|下|个)?(?:我的)?(?P<it>\S{1,6}?)"
    r"(?:吧|了|一下|成|为|改成)?"
)
_WRONG = re.compile(
    r"(?:我的|我)?(?P<it>\S{1,6}?)(?:写|填|说|登记|留|打|记|弄|给)?(?:错了?|不对|有误|要改|变了|换了)"
)
_LINE = 28  # characters of a summary line
_LONGEST_VALUE = 20  # characters of one value on it


def live(form: Form, given: Answers) -> dict[str, Any]:
    """The answers that count: asked for in this situation, or plain from it; None was skipped."""
    answers: dict[str, Any] = {}
    for question in form.questions:
        if not question.ask_if.holds(answers):
            continue
        assumed = [value for rule, value in question.assume if rule.holds(answers)]
        if assumed:
            answers[question.id] = assumed[0]
        elif question.id in given:
            answers |= {name: given[name] for name in _names(question) if name in given}
    return answers


def following(form: Form, given: Answers) -> Question | None:
    """The next question to ask; None when all are answered."""
    answers = live(form, given)
    open_ones = (q for q in form.questions if q.id not in answers and q.ask_if.holds(answers))
    return next(open_ones, None)


def called(form: Form, text: str) -> tuple[Question, ...]:
    """The questions that «改电话» or «老家写错了» names; a place brings its village along."""
    found = _CHANGE.fullmatch(hearing.core(hearing.without_phone(text))) or _WRONG.fullmatch(
        hearing.core(text)
    )
    named = next((q for q in form.questions if found and found["it"] in _called(q)), None)
    if named is None:
        return ()
    return form.numbered(named.number) if named.kind is Kind.PLACE else (named,)


def _called(question: Question) -> tuple[str, ...]:
    return (question.label, *question.called)


def without(given: Answers, questions: Iterable[Question]) -> dict[str, Any]:
    """The answers with these questions open again."""
    dropped = {name for q in questions for name in _names(q)}
    return {name: value for name, value in given.items() if name not in dropped}


def reopened(form: Form, held: Answers, questions: Iterable[Question]) -> dict[str, Any]:
    """What is held of a person with some questions open again; what was left out stays so."""
    known = live(form, held)
    for question in form.questions:
        if question.ask_if.holds(known):
            known.setdefault(question.id, None)
    return without(known, questions)


def is_complete(form: Form, held: Answers) -> bool:
    """Whether every required question of the situation has its answer."""
    known = live(form, held)
    required = (q for q in form.questions if q.required and q.ask_if.holds(known))
    return all(known.get(q.id) is not None for q in required)


def shown(question: Question, answers: Answers) -> str:
    """An answer in the words of the form."""
    value, words = answers.get(question.id), str(answers.get(question.id + WORDS) or "")
    if value is None:
        return ""
    if question.kind is Kind.PLACE:
        return words or str(value)
    if question.kind is Kind.MONTHS:
        return _spoken_months(int(value))
    if question.choices:
        return _labels(question, value, words)
    return str(value)


def summary(form: Form, given: Answers, *, is_open: bool = False) -> list[str]:
    """Lines that say back what was answered, numbered as the questions are."""
    return _packed(_items(form, live(form, given), is_open=is_open))


def _is_told_apart(question: Question, answers: Answers) -> bool:
    """Whether an answer stands for itself and is not only the words of another."""
    return bool(shown(question, answers)) and not question.id.endswith(WORDS)


def listing(form: Form, held: Answers) -> list[str]:
    """One line for every answer, for «我的信息» and for copies."""
    answers = live(form, held)
    return [
        f"{q.label}：{shown(q, answers)}"
        for q in form.questions
        if q.number and _is_told_apart(q, answers)
    ]


def entered(form: Form, given: Answers, *, source: Source, said: Sequence[Said]) -> Entered:
    """The answers as they are stored: codes in the clear, words and what is sensitive sealed."""
    answers = live(form, given)
    asked = [q for q in form.questions if not q.grants and answers.get(q.id) is not None]
    codes: dict[str, Any] = {}
    texts: dict[str, Any] = {}
    for question in asked:
        is_sealed = question.kind in SEALED or question.consent
        (texts if is_sealed else codes)[question.id] = answers[question.id]
        if answers.get(question.id + WORDS):
            texts[question.id + WORDS] = answers[question.id + WORDS]
    return Entered(
        codes=codes,
        texts=texts,
        area=next((str(answers[q.id]) for q in asked if q.kind is Kind.PLACE), ""),
        source=source,
        said=tuple(said),
        needs={q.id: q.consent for q in form.questions if q.consent},
    )


def changes(form: Form, held: Answers, given: Answers, *, said: Sequence[Said]) -> Entered:
    """What a correction changes; None takes a value away that no longer fits the situation."""
    new = entered(form, given, source=Source.CHAT, said=said)
    names = {name for q in form.questions if not q.grants for name in _names(q)}
    gone = {name: None for name in names & held.keys() if name not in new.values()}
    sealed = {name for q in form.questions if q.kind in SEALED or q.consent for name in _names(q)}
    sealed |= {name for name in names if name.endswith(WORDS)}
    return Entered(
        codes={**new.codes, **{name: None for name in gone if name not in sealed}},
        texts={**new.texts, **{name: None for name in gone if name in sealed}},
        area=new.area,
        source=Source.CHAT,
        said=new.said,
        needs=new.needs,
    )


def only(new: Entered, names: Collection[str]) -> Entered:
    """Of what was entered the fields of these names; what hangs on them stays as it is."""
    codes = {name: value for name, value in new.codes.items() if name in names}
    texts = {name: value for name, value in new.texts.items() if name in names}
    return replace(new, codes=codes, texts=texts)


def _names(question: Question) -> tuple[str, str]:
    return question.id, question.id + WORDS


def _items(form: Form, answers: Mapping[str, Any], *, is_open: bool) -> list[str]:
    items = []
    for number in range(1, form.total + 1):
        asked = [q for q in form.numbered(number) if _is_told_apart(q, answers)]
        if asked:
            values = "、".join(_value(q, shown(q, answers), is_open=is_open) for q in asked)
            items.append(f"{number}{asked[0].label}：{values}")
    return items


def _value(question: Question, value: str, *, is_open: bool) -> str:
    if question.kind is Kind.PHONE and not is_open:
        # The number was confirmed when it was given; the summary may be read over a shoulder.
        return f"{value[:3]}****{value[-4:]}"
    return value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"


def _packed(items: Iterable[str]) -> list[str]:
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + len(item) + 1 <= _LINE:
            lines[-1] += f" {item}"
        else:
            lines.append(item)
    return lines


def _labels(question: Question, value: Any, words: str) -> str:
    codes = value if isinstance(value, list) else [value]
    labels = []
    for code in codes:
        choice = question.choice(code)
        is_said = words and (choice is None or code == "other")
        labels.append(words if is_said else choice.label if choice else str(code))
    return "、".join(labels)


def _spoken_months(months: int) -> str:
    years, rest = divmod(months, 12)
    if not months:
        return say("form.just_started")
    return (f"{years}年" if years else "") + (f"{rest}个月" if rest else "")
