"""What a sentence says of the one who writes it, as answers of the self-check."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from knowledge.text import normalise
from matching.facts import LONGEST_IN_BUSINESS, ROUNDING, Days, Entity, Insurance, add_months

_SPAN = re.compile(
    r"(?P<near>不到|没到|没满|不满|快|差不多|将近)?(?P<full>整整|足足)?"
    r"(?:(?P<half>半年)|(?P<count>\d+)(?P<more>多)?个?(?P<over>多)?半?(?P<unit>月|年(?!\d|底|初)))"
    r"(?P<tail>半|多|出头)?(?!以上|期|的?(?:劳动)?合同)"
)
# 满6个月 is what the paper asks, 满6个月了 what the person has.
_RULE = re.compile(r"[满够要需得]$")
_BUSINESS = re.compile(r"开|干|做|办|营|搞|弄|执照|注册|登记|店|厂|公司|生意|创业|个体")
_DAY = re.compile(
    r"(?:(?P<year>\d{4}|\d{2}(?=[-./年])|今年|去年|前年|大前年)[-./年]?的?)?"
    r"(?P<month>\d{1,2})(?:月份?|[-./](?=\d))(?:(?P<day>\d{1,2})[号日]?)?"
)
_TYPED_MONTH = re.compile(r"(?P<year>20\d{2})[-./年]?(?P<month>[01]?\d)")
_NEAR_MONTH = re.compile(r"(?P<this>这个月|本月)|上个?月")
_YEAR = re.compile(r"(?P<year>20\d{2}年|今年|去年|前年|大前年)(?!底|初)")
_YEARS_BACK = {"今年": 0, "去年": 1, "前年": 2, "大前年": 3}

_ALONE = re.compile(
    r"(?:就|只有|只)(?:是)?(?:我|我自己|自己|俺)?(?:1个人?|自己|我)(?!月)|我1个人?(?:干|做|弄|开|$|,)|没(?:有)?(?:请|雇|招)过?(?:人|工)"
)
_WITH_ME = re.compile(
    r"(?:(?:加|连|算|带|包括|含)(?:上)?(?:我|俺|自己|本人)(?:在内|自己|一起)?(?:一共|总共|共)?|"
    r"(?:我们|咱们?|俺们|店里|厂里|公司|我和[^,]{1,4}?|夫妻|两口子)(?:一共|总共|有|共|就)?)(\d+)(?:个|口|人|名|$)(?!月)"
)
_PAIR = re.compile(r"夫妻店|夫妻2|2口子|我(?:和|跟)(?:我)?(?:老婆|媳妇|爱人|老公|对象)")
_OTHERS = re.compile(
    r"(?:请|雇|招|带|带动|用)(?:着|了|过|有)?(\d+)(?:个|名|位)?(?:人|工人|员工|帮手|小工|师傅|服务员|老乡|村民)"
)
_CONTRACTS = re.compile(
    r"签(?:了|有)?(\d+)(?:个|份|名|人)|(\d+)(?:个|名)?(?:人|员工|工人)?(?:都)?签(?:了|有|过)?(?:\d+年)?(?:以上)?(?:劳动)?合同"
)
_A_YEAR = re.compile(r"[1-9]年")

_UNSURE = re.compile(r"说不[清准好]|不知道|不晓得|不清楚|搞不清|弄不清|记不[清得]|忘了|不确定")

_Reader = Callable[[str, date], Any]


def is_unsure(text: str) -> bool:
    """Whether somebody says that they cannot tell."""
    return bool(_UNSURE.search(text))


def read(text: str, today: date) -> dict[str, Any]:
    """Answers that a free sentence holds, as the conversation keeps them."""
    said = normalise(text)
    found = {attr: reader(said, today) for attr, reader in _READERS.items()}
    return {attr: value for attr, value in found.items() if value is not None}


def days(text: str, today: date) -> list[str] | None:
    """When the licence was issued, from a date or a span (2026年5月, 去年3月8号, 开了3个月)."""
    said = normalise(text)
    names_a_day = _TYPED_MONTH.fullmatch(said) or _DAY.search(said)
    found = _written_day(said, today)
    if found is None and not names_a_day:
        found = _spoken_span(said, today)
    return _kept(found, today)


def day_in(month: Sequence[str], text: str, today: date) -> list[str] | None:
    """The day of a month that is already known (21号)."""
    first = date.fromisoformat(month[0])
    number = re.fullmatch(r"(?:是)?(\d{1,2})[号日]?(?:吧|的|左右)?", normalise(text))
    if not number:
        return days(text, today)
    return _kept(_exact(first.year, first.month, int(number.group(1))), today)


def _kept(found: Days | None, today: date) -> list[str] | None:
    if found is None or found.first > today:
        return None
    return [found.first.isoformat(), min(found.last, today).isoformat()]


def _written_day(said: str, today: date) -> Days | None:
    near = _NEAR_MONTH.search(said)
    if near:
        some_day = add_months(today, 0 if near["this"] else -1)
        return Days.of_month(some_day.year, some_day.month)
    found = _TYPED_MONTH.fullmatch(said) or _DAY.search(said)
    if found and 1 <= int(found["month"]) <= 12:
        month, day = int(found["month"]), int(found.groupdict().get("day") or 0)
        year = _year(found["year"], today) or _latest_year(month, day, today)
        return _exact(year, month, day) if day else Days.of_month(year, month)
    whole = _YEAR.search(said)
    year = _year(whole["year"], today) if whole else 0
    return Days(date(year, 1, 1), date(year, 12, 31)) if year else None


def _year(word: str | None, today: date) -> int:
    if not word:
        return 0
    if word in _YEARS_BACK:
        return today.year - _YEARS_BACK[word]
    number = int(word.strip("年"))
    return number if number > 99 else 2000 + number


def _latest_year(month: int, day: int, today: date) -> int:
    return today.year - ((month, day or 1) > (today.month, today.day))


def _exact(year: int, month: int, day: int) -> Days | None:
    whole = Days.of_month(year, month)
    return Days.of(date(year, month, day)) if 1 <= day <= whole.last.day else None


def _spoken_span(said: str, today: date) -> Days | None:
    for found in _SPAN.finditer(said):
        is_rule = (
            _RULE.search(said[: found.start()]) and said[found.end() : found.end() + 1] != "了"
        )
        months = 0 if is_rule else _months(found)
        if 0 < months <= LONGEST_IN_BUSINESS:
            return _span(found, months, today)
    return None


def _span(found: re.Match[str], months: int, today: date) -> Days:
    """The days that a spoken length means: 3个月 is less than 4, 2年 less than 3, give or take."""
    if found["near"]:
        least = add_months(today, -months) + timedelta(1)
        return Days(least, add_months(least, -(-months // 4)))
    is_over = found["more"] or found["over"] or found["tail"] in ("多", "出头")
    step = 12 if found["unit"] == "年" and found["tail"] != "半" else 1
    first = add_months(today, -months - step) + timedelta(1)
    return Days(first, add_months(today, -months) + (timedelta(0) if is_over else ROUNDING))


def _months(found: re.Match[str]) -> int:
    if found["half"]:
        return 6
    is_years = found["unit"] == "年"
    half = 6 if is_years and found["tail"] == "半" else 0
    return int(found["count"]) * (12 if is_years else 1) + half


def _registered(said: str, today: date) -> list[str] | None:
    if not _BUSINESS.search(said):
        return None
    return days(said, today)


def _headcount(said: str, _: date) -> int | None:
    for pattern, count in ((_WITH_ME, 0), (_OTHERS, 1)):
        found = pattern.search(said)
        if found:
            return int(found.group(1)) + count
    if _PAIR.search(said):
        return 2
    return 1 if _ALONE.search(said) else None


def contracts(said: str) -> int | None:
    """With how many people contracts are signed, as a normalised text says."""
    found = _CONTRACTS.search(said)
    return int(next(filter(None, found.groups()))) if found else None


def _contracts_1y(said: str, _: date) -> int | None:
    return contracts(said) if _A_YEAR.search(said) else None


def _first_of(*meanings: tuple[str, Any]) -> _Reader:
    """A reader of the first meaning whose words occur."""
    compiled = [(re.compile(words), value) for words, value in meanings]

    def reader(said: str, _: date) -> Any:
        return next((value for words, value in compiled if words.search(said)), None)

    return reader


def _entity(said: str, _: date) -> Any:
    if re.search(
        r"没(?:有)?办(?:执照|证|照)|(?:没|还没)(?:有)?(?:营业)?执照|执照(?:还)?没办", said
    ):
        return Entity.NONE.value
    named = [kind for kind, words in _ENTITIES.items() if re.search(words, said)]
    return named[0].value if len(named) == 1 else None


_ENTITIES = {
    Entity.SOLE: r"个体户|个体工商|个体经营|干个体|是个体|个体的",
    Entity.FIRM: r"公司|小微企业|办企业|开厂|办厂",
    Entity.COOPERATIVE: r"合作社",
    Entity.FARM: r"家庭农场",
}
_READERS: dict[str, _Reader] = {
    "first_registration": _first_of(
        (
            r"第1次(?:办|注册|登记|开|领)|头1[回次]|首次|从来没办过|以前没(?:有)?(?:办|开|注册)过",
            True,
        ),
        (
            r"(?:以前|之前|原来|早先|早年|前几年|曾经)[^,]{0,6}(?:办|注册|开|领|有)过|第[2-9]次(?:办|注册|开)|又(?:办|注册)了",
            False,
        ),
    ),
    "entity_type": _entity,
    "registered_on": _registered,
    "headcount_incl_founder": _headcount,
    "contracts_1y": _contracts_1y,
    "contracts_signed": _first_of(
        (r"(?:没|没有|还没|未)签(?:劳动)?合同|合同(?:还)?没签", False),
        (r"签(?:了|过|有)?[^没,]{0,8}合同|有(?:劳动)?合同|合同(?:都|也)?签了", True),
    ),
    "social_insurance": _first_of(
        (r"(?:部分|有的|有人)[^,]{0,4}交|没(?:有)?(?:都|全)交", Insurance.PARTLY.value),
        (
            r"(?:没|没有|还没|未)(?:给[^,]{0,4})?(?:交|买|上|缴)[^,]{0,3}(?:社保|保险)|(?:社保|保险)(?:还|都|也)?没(?:有)?(?:交|买|上|缴)",
            Insurance.NONE.value,
        ),
        (
            r"(?:交|买|上|缴)(?:着|了|的|有|过)?(?:社保|社会保险|五险|保险)|(?:社保|保险)(?:都|也|在)?(?:交|买|上|缴)(?:了|着)",
            Insurance.PAID.value,
        ),
    ),
    "loan_kind": _first_of(
        (r"合伙|几个人1起", "partnership"),
    ),
}
