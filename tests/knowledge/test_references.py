"""A figure stands in one entry; others refer to it, and a bad reference is found."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from knowledge.entry import Bound, Figure, Reference
from knowledge.library import check, in_service, our_shelf
from knowledge.references import users
from knowledge.shelf import Edited

CAP, CAPS = "dingtao-loan-individual-cap", "dingtao-loan-caps"
MONTHS, SUM = "yichang-startup-subsidy-months", "yichang-startup-subsidy-amount"
REFERENCE = f'same_as = "{CAP}.cap"'


def path(entry: str) -> str:
    return f"{entry.split('-', maxsplit=1)[0]}/policies/{entry}.toml"


def shipped(entry: str) -> str:
    return our_shelf().shipped(path(entry)) or ""


def mended(entry: str, *words: tuple[str, str]) -> dict[str, str | None]:
    """The entry's page with other words, as staff edit it."""
    text = shipped(entry)
    for was, now in words:
        assert was in text
        text = text.replace(was, now)
    return {path(entry): text}


def raised(wan: int = 12) -> dict[str, str | None]:
    return mended(CAP, ("100000", f"{wan}0000"), ("最高10万元", f"最高{wan}万元"))


def faults(edited: Edited) -> list[str]:
    return list(map(str, check(edited=edited)))


def test_an_edit_of_the_one_entry_changes_all_that_tell_its_figure() -> None:
    library, left_out = in_service(raised())
    told = library.entries[CAPS]
    assert (left_out, faults(raised())) == ({}, [])
    assert told.spoken(told.answer) == "干个体的最高12万元，办小微企业的最高300万元。"
    assert told.figures["person"] == Figure(Decimal(120_000), "元", Bound.MAX, "最高12万元")


def test_the_bound_may_be_another_one() -> None:
    edited = mended(CAPS, (REFERENCE, f'{REFERENCE}\nbound = "planned"'))
    figure = in_service(edited)[0].entries[CAPS].figures["person"]
    assert (figure.bound, figure.spoken) == (Bound.PLANNED, "打算提高到10万元")


def test_conditions_and_rules_follow_their_figure() -> None:
    edited = mended(MONTHS, ("value = 6", "value = 3"), ("经营6个月及以上", "经营3个月及以上"))
    entry = in_service(edited)[0].entries[SUM]
    rule = next(rule for rule in entry.rules if rule.attr == "months_operating")
    assert (rule.value, rule.printed) == (3, "经营3个月及以上")
    assert "经营3个月及以上" in entry.conditions


def test_years_count_as_months_in_a_rule() -> None:
    figure = ("value = 1\n", "value = 2\n"), ("1年以上", "2年以上")
    entry = in_service(mended("dingtao-startup-subsidy-months", *figure))[0].entries[
        "dingtao-startup-subsidy-amount"
    ]
    assert [rule.value for rule in entry.rules if rule.value_of] == [24]


REFUSED = [
    ("dingtao-nothing.cap", "没有这一条"),
    (f"{CAP}.gone", "没有这个数字，有的是：cap"),
    (f"{CAPS}.firm", "这一条自己"),
    ("dingtao-subsidies-overview.once", "也写着同 dingtao-startup-subsidy-amount.amount"),
    ("puyang-subsidised-loan-person.cap", "不是本地区"),
    ("cap", "要写成“条目编号.数字的名字”"),
    ("", "“same_as”不能空着"),
]


@pytest.mark.parametrize(("reference", "fault"), REFUSED)
def test_a_bad_reference_is_named_with_file_and_line(reference: str, fault: str) -> None:
    edited = mended(CAPS, (REFERENCE, f'same_as = "{reference}"'))
    line = shipped(CAPS).splitlines().index(REFERENCE) + 1
    found = [each for each in faults(edited) if each.startswith(f"{path(CAPS)}:{line}:")]
    assert any(fault in each for each in found), faults(edited)


@pytest.mark.parametrize(("reference", "fault"), REFUSED)
def test_a_bad_reference_is_never_served(reference: str, fault: str) -> None:
    library, left_out = in_service(mended(CAPS, (REFERENCE, f'same_as = "{reference}"')))
    assert list(left_out) == [path(CAPS)]
    assert library.entries[CAPS].figures["person"].value == 100_000


def test_a_circle_is_a_fault_of_both() -> None:
    figure = re.search(r"\[figures\.cap\]\n((?:.+\n)+)", shipped(CAP))
    assert figure
    edited = mended(CAP, (figure[1], f'same_as = "{CAPS}.person"\n'))
    named = [each for each in faults(edited) if "也写着同" in each]
    assert [CAP in named[1], CAPS in named[0], len(named)] == [True, True, 2]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (('valid_until = ""', 'valid_until = "2027-03-31"'), "只用到 2027-03-31"),
        (('valid_from = ""', 'valid_from = "2027-03-31"'), "从 2027-03-31 才用"),
    ],
)
def test_a_figure_is_not_told_longer_than_its_own_entry(
    words: tuple[str, str], fault: str
) -> None:
    alone = mended(CAP, words)
    assert any(CAPS in each and fault in each for each in faults(alone))
    assert faults(alone | mended(CAPS, words)) == []


def test_a_withdrawn_entry_comes_back_while_others_tell_its_figure() -> None:
    library, left_out = in_service({path(CAP): None})
    assert list(left_out) == [path(CAP)]
    assert CAPS in left_out[path(CAP)].fault
    assert CAP in library.entries
    assert in_service({path(CAP): None, path(CAPS): None})[1] == {}


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (('value_of = "months"', 'value_of = "gone"'), "没有定义的数字 gone"),
        (('value_of = "months"', 'value_of = "months"\nvalue = 6'), "就不写“value”"),
        (('value_of = "months"', 'value_of = "amount"'), "程序判断不了"),
        (('"{months}"', '"{gone}"'), "没有定义的数字 {gone}"),
        (('"{months}"', '"{months"'), "花括号不成对"),
        (("[figures.months]", '[figures.months]\nunit = "月"'), "不认识的项“unit”"),
    ],
)
def test_a_slip_in_a_rule_or_condition_is_named(words: tuple[str, str], fault: str) -> None:
    assert any(fault in each for each in faults(mended(SUM, words)))


def test_an_entry_is_told_by_way_of_others_too() -> None:
    entries = in_service({})[0].entries
    circle = ((CAP, MONTHS), (CAPS, CAP), (MONTHS, CAPS))
    referring = [
        replace(entries[entry], same_as={"n": Reference(other, "n")}) for entry, other in circle
    ]
    assert [entry.id for entry in users(CAP, referring)] == [CAPS, MONTHS]
