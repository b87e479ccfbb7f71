"""However a question is typed, it comes out in one spelling."""

from __future__ import annotations

import pytest

from knowledge.library import Library
from knowledge.text import LONGEST_INPUT, LONGEST_QUESTION, normalise


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("創業擔保貸款", "创业担保贷款"),
        ("返鄉補貼幾多", "返乡补贴几多"),
        ("ＡＢＣ１２３", "abc123"),
        ("１５萬", "150000"),
        ("開店\x00\x01貸款", "开店贷款"),
        ("贷款😀多少", "贷款多少"),
        ("开店  \n 贷款", "开店贷款"),
        ("\u200b贷\u200b款", "贷款"),
    ],
)
def test_script_width_and_rubbish_do_not_matter(typed: str, read: str) -> None:
    assert normalise(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("十五万", "150000"),
        ("15w", "150000"),
        ("15万", "150000"),
        ("1w2", "12000"),
        ("一万二", "12000"),
        ("一万零二", "10002"),
        ("貳拾萬", "200000"),
        ("两千", "2000"),
        ("50k", "50000"),
        ("1,200,000", "1200000"),
        ("1.2万", "12000"),
        ("百分之五", "5%"),
        ("百分之百", "100%"),
        ("十二", "12"),
    ],
)
def test_an_amount_becomes_digits(typed: str, read: str) -> None:
    assert normalise(typed) == read


@pytest.mark.parametrize("vague", ["三五万", "七八个", "千里", "万一"])
def test_what_is_no_exact_number_stays_in_words(vague: str) -> None:
    assert normalise(vague) == vague


@pytest.mark.parametrize(
    "typed", ["創業，貸十五萬!", "1w2 and 3,000", "一百二十", "ＡＢ😀Ｃ", "百分之五"]
)
def test_normalising_twice_changes_nothing(typed: str) -> None:
    assert normalise(normalise(typed)) == normalise(typed)


@pytest.mark.parametrize("typed", ["那个创业贷款", "嗯创业贷款", "请问一下创业贷款"])
def test_fillers_are_dropped(typed: str, library: Library) -> None:
    assert library.wording.plain(normalise(typed)) == library.wording.plain("创业贷款")


def test_a_question_of_fillers_only_keeps_its_words(library: Library) -> None:
    assert library.wording.plain("那个啥") != ""


@pytest.mark.parametrize("size", [LONGEST_INPUT, 100_000])
def test_a_huge_text_is_cut(size: int) -> None:
    assert len(normalise("贷" * size)) == LONGEST_QUESTION
