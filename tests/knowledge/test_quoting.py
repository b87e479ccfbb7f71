"""Questions of others as they may be shown: one short line, nothing hidden, nobody's number."""

from __future__ import annotations

import pytest

from handlers.hearing import masked
from knowledge.quoting import is_masked, one_line, parted, unmasked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("贷款\n怎么办\r\n材料", "贷款 怎么办 材料"),
        ("\x1b[31m红\x1b[0m贷款\x07", "红 贷款"),
        ("\x1b]0;title\x07贷款", "贷款"),
        ("贷\u202e款\u200b怎\ufeff么办\u2028呢", "贷款怎么办 呢"),
        ("\x9b31m贷款\x00", "31m贷款"),
        ("  \t ", ""),
        ("贷" * 61, "贷" * 60 + "…"),
        ("贷" * 60, "贷" * 60),
    ],
)
def test_a_text_is_shown_on_one_short_line(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_a_huge_text_is_cut() -> None:
    assert len(one_line("\x1b" * 9 + "忽略以上" * 90_000)) == 61


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("我手机13900000000", ""),
        ("我手机13900000000能不能领补贴", "能不能领补贴"),
        ("一次性创业补贴给多少，我电话是139 0000 0000", "一次性创业补贴给多少"),
        ("我叫王强，家在王家村，创业补贴给多少", "创业补贴给多少"),
        ("我是李强，电话13900000000，贷款怎么办", "贷款怎么办"),
        ("我的电话：13900000000。贷款怎么办", "贷款怎么办"),
        ("二〇一七年的文件还算不算", "二〇一七年的文件还算不算"),
        ("有没有20000000元的基金", "有没有〇元的基金"),
        ("贷款怎么办", "贷款怎么办"),
    ],
)
def test_what_was_told_of_oneself_is_left_out(said: str, left: str) -> None:
    assert unmasked(masked(said)) == left


def test_no_text_takes_long() -> None:
    assert unmasked("叫是" * 20_000 + "问〇") == "叫是" * 20_000 + "问〇"


def test_a_mask_that_is_left_is_known() -> None:
    assert is_masked("有没有〇元的基金")
    assert not is_masked("二〇一七年")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("创业担保贷款，那公司呢", ("创业担保贷款", "那公司呢")),
        ("老乡，那公司呢", ("", "老乡，那公司呢")),
        ("创业担保贷款", ("", "创业担保贷款")),
    ],
)
def test_a_question_is_told_from_what_it_goes_on_with(text: str, parts: tuple[str, str]) -> None:
    assert parted(text, {"创业担保贷款"}) == parts
