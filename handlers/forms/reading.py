"""Reading an answer to a question of a form: what it says, or what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from handlers import choices, hearing, places
from handlers.forms.course import WORDS
from handlers.forms.form import Kind, Question
from handlers.texts import say
from knowledge.areas import Gazetteer
from knowledge.numerals import digits

OTHER, SAID = "other", "said"  # codes of an answer in own words
_DATE = re.compile(
    r"\d+(?:年|月|号|日|天)|(?:正|腊|冬)月|初[一二三四五六七八九十\d]|年底|月底|暑假|清明|五一|中秋|国庆|端午|元旦|明年|后年|今年|下个?月"
)
_YEARS = re.compile(r"(\d+(?:\.5)?)年(半)?")
_MONTHS = re.compile(r"(\d+)个?(?:多)?月|(?<!\d年)(半)年|(半)个月")
_RANGE = re.compile(r"([一二两三四五六七八])([二三四五六七八九])(个?(?:年|月))")
_TENS = re.compile(r"十(?:几|多|来)(?=个?[年月])")
_SEVERAL = re.compile(r"(^|[^十\d])(?:好几|好些|好多|很多|多|几)年")
_JUST = re.compile(r"刚|才开|没几天|不到(?:1|一)?个?月|几天|半个月")
_CALLED = re.compile(r"^(?:.*叫我?|.*喊我|.*名字是|我?姓|我是|称呼[:是]?)(?=.)")
_SUM_DIGITS = 3  # from which on a number is a wish and not an option
_LONGEST_SPAN = 16  # characters of «三年零两个月» and the like
_NO_VILLAGE = re.compile(r"[了我想在]|打工|开店|上班|创业|做生意")
_AFTER_NAME = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})(?:今年|现在|在|老?家|来自|住|想|手机|电话|我|就行|就好).*"
)
_NAME = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbfA-Za-z·. ]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message answered: values by field, or a sentence that says what is wrong.

    `more` turns the page of a list, `phone` is a number still to be confirmed.
    """

    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    more: bool = False
    picked: tuple[str, ...] = ()
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a form a message is read: page and choices so far, and which try it is."""

    page: int = 0
    picked: tuple[str, ...] = ()
    tries: int = 0


def exactly(question: Question, text: str, at: Place = Place()) -> Reading | None:
    """The answer that a message plainly is; None if it could be something else."""
    if question.choices:
        return _numbered(question, text, at) or _worded(question, text)
    if question.kind is Kind.PHONE:
        return _phone(text)
    if question.kind in (Kind.NUMBER, Kind.MONTHS):
        return _number(question, text)
    return None


def loosely(
    question: Question, text: str, gazetteer: Gazetteer, at: Place = Place()
) -> Reading | None:
    """The answer that a message holds among other words, or says freely."""
    if question.choices:
        return _mentioned(question, text, gazetteer)
    if question.kind is Kind.PLACE:
        return _place(question, places.find(text, gazetteer), gazetteer, is_again=at.tries > 0)
    if question.kind is Kind.NAME:
        return _name(question, text)
    if question.kind is Kind.PHONE:
        return _not_a_phone(text)
    return _text(question, text) if question.kind is Kind.TEXT else None


def _numbered(question: Question, text: str, at: Place) -> Reading | None:
    found = choices.by_number(text, question.choices, page=at.page, most=question.most)
    if not found.codes and not found.more:
        return None
    together = tuple(dict.fromkeys((*at.picked, *found.codes)))
    if found.more:
        return Reading(more=True, picked=together)
    return _chosen(question, together)


def _worded(question: Question, text: str) -> Reading | None:
    codes = choices.by_word(text, question.choices)
    return _chosen(question, codes) if codes else None


def _mentioned(question: Question, text: str, gazetteer: Gazetteer) -> Reading | None:
    codes = choices.within(text, question.choices)
    by_place = next((choice for choice in question.choices if choice.place), None)
    if by_place and codes in ((), (by_place.code,)) and places.find(text, gazetteer).area:
        return Reading({question.id: by_place.code, by_place.place: text[:20]})
    if len(codes) == 1 or (codes and question.most > 1):
        return _chosen(question, codes)
    span = _by_span(question, hearing.core(text))
    if span is not None:
        return _chosen(question, (span,))
    return None if codes else _in_own_words(question, hearing.core(text))


def _by_span(question: Question, said: str) -> str | None:
    """The choice that stands for a span of time, where the form gives its choices spans.

    «七八年» is at least seven; where its ends lie in two choices, neither is meant.
    """
    many = _SEVERAL.sub(r"\1三年", _TENS.sub("十", said))
    least, most = (_spanned(question, digits(_RANGE.sub(end, many))) for end in (r"\1\3", r"\2\3"))
    return least if least == most else None


def _spanned(question: Question, said: str) -> str | None:
    spans = sorted((c.months, c.code) for c in question.choices if c.months is not None)
    months = _months(said) if spans else None
    fitting = [code for least, code in spans if months is not None and least <= months]
    return fitting[-1] if fitting else None


def _in_own_words(question: Question, said: str) -> Reading | None:
    """What the list does not hold, where the form lets it pass."""
    if question.free == "date" and _DATE.search(digits(said)):
        return Reading({question.id: SAID, question.id + WORDS: said[:20]})
    if question.free == "text" and 1 < len(said) <= 20 and not hearing.is_figures(said):
        code = [OTHER] if question.kind is Kind.CHOICES else OTHER
        return Reading({question.id: code, question.id + WORDS: said})
    return None


def _chosen(question: Question, codes: tuple[str, ...]) -> Reading:
    if len(codes) > question.most:
        return Reading(problem=say("form.too_many", most=question.most))
    value = list(codes) if question.kind is Kind.CHOICES else codes[0]
    return Reading({question.id: value})


def _place(
    question: Question, found: places.Found, gazetteer: Gazetteer, *, is_again: bool
) -> Reading:
    if found.others:
        names = "、".join(area.short for area in found.others[:3])
        return Reading(problem=say("form.which_place", names=names))
    if found.area is None:
        return Reading(problem=say("form.no_place"))
    is_wide = not places.is_exact(found.area)
    if is_wide and (found.area.level == "province" or not is_again):
        return Reading(problem=say("form.which_county", name=found.area.short))
    spoken = places.spoken(found.area, gazetteer)
    values = {question.id: found.area.code, question.id + WORDS: spoken}
    if found.detail and question.id == "home_place" and not _NO_VILLAGE.search(found.detail):
        values["home_village"] = found.detail
    return Reading(values)


def _name(question: Question, text: str) -> Reading:
    phone = hearing.phone(text)
    rest = hearing.without_phone(text) if phone else text
    rest = re.sub(r"(?:我的)?(?:手机|电话)(?:号码?)?(?:是)?[:,]?", "", rest)
    said = _AFTER_NAME.sub("", _CALLED.sub("", hearing.core(rest)))
    name = "".join(_NAME.findall(said)).strip(" .·")
    if phone and hearing.is_hotline(phone):
        return Reading(problem=say("form.hotline"))
    if phone and not name:
        return Reading({question.id: None}, phone=phone)
    if not name:
        return Reading(problem=say("form.no_name"))
    if len(name) > question.limit:
        return Reading(problem=say("form.long_name", most=question.limit))
    return Reading({question.id: name}, phone=phone)


def _phone(text: str) -> Reading | None:
    phone = hearing.phone(text)
    if not phone:
        return None
    return (
        Reading(problem=say("form.hotline")) if hearing.is_hotline(phone) else Reading(phone=phone)
    )


def _not_a_phone(text: str) -> Reading:
    count = len(hearing.digits_in(text))
    return Reading(
        problem=say("form.phone_length", count=count) if count else say("form.no_phone")
    )


def _number(question: Question, text: str) -> Reading | None:
    said = digits(hearing.core(text))
    value = _months(said) if question.kind is Kind.MONTHS else _count(said)
    if value is None:
        return None
    if not question.least <= value <= question.limit:
        return Reading(problem=say("form.out_of_range"))
    return Reading({question.id: value})


def _count(said: str) -> int | None:
    found = re.fullmatch(r"\D{0,4}(\d{1,6})\D{0,4}", said)
    return int(found.group(1)) if found else None


def _months(said: str) -> int | None:
    years, months = _YEARS.search(said), _MONTHS.search(said)
    if len(said) > _LONGEST_SPAN or hearing.asks(said):
        return None
    if not years and not months:
        return 0 if _JUST.search(said) else None
    total = _from_years(years) if years else 0
    # In 一年半 the half belongs to the year, and there are no months.
    return total if not months or (years and years.group(2)) else total + _from_months(months)


def _from_years(found: re.Match[str]) -> int:
    return int(float(found.group(1)) * 12) + (6 if found.group(2) else 0)


def _from_months(found: re.Match[str]) -> int:
    if found.group(1):
        return int(found.group(1))
    return 6 if found.group(2) else 0


def _text(question: Question, text: str) -> Reading | None:
    said = text.strip()
    is_sum = question.free == "number" and len(hearing.digits_in(said)) >= _SUM_DIGITS
    is_number = hearing.is_bare_number(said) and not is_sum
    if not hearing.core(said) or is_number or hearing.phone(said):
        return None
    return Reading({question.id: said[: question.limit]})
