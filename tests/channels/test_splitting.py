"""Splitting long text: nothing is lost, no part is too long, no sign is cut in two."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.splitting import split

SIGNS = [
    "👩‍👩‍👧‍👦",  # joined
    "👍🏽",  # with a skin tone
    "❤️",  # with a variation selector
    "🇨🇳",  # two flag letters
    "1️⃣",  # keycap
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",  # with tags
    "é",  # a letter and a mark
]
text = st.text(st.sampled_from("贷款最高十万元。，！？ \n\t.a"), max_size=300)
wild_text = st.text(st.characters(codec="utf-8"), max_size=300)


def _ink(text: str) -> str:
    return "".join(text.split())


def _ends(parts: list[str]) -> set[int]:
    return set(accumulate(len(part) for part in parts))


@given(text | wild_text, st.integers(1, 40))
def test_nothing_is_lost_and_no_part_is_too_long(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert _ink("".join(parts)) == _ink(text)
    assert all(len(part) <= limit for part in parts)


@given(text | wild_text, st.integers(1, 40))
def test_no_part_is_blank_unless_all_is(text: str, limit: int) -> None:
    assert all(part.strip() for part in split(text, limit)) or not text.strip()


@given(st.lists(st.sampled_from([*SIGNS, "字"]), max_size=30), st.integers(12, 40))
def test_a_sign_of_several_characters_stays_whole(signs: list[str], limit: int) -> None:
    parts = split("".join(signs), limit)
    assert _ends(parts) <= _ends(signs) | {0}


@pytest.mark.parametrize(
    ("why", "text", "limit", "parts"),
    [
        ("short text stays as it is", " 您好\n", 10, [" 您好\n"]),
        ("between paragraphs first", "一二三。四\n\n五六。七八", 11, ["一二三。四", "五六。七八"]),
        ("then between lines", "一二。三\n四五六七八", 8, ["一二。三", "四五六七八"]),
        ("then between sentences", "一，二三四。五，六七", 9, ["一，二三四。", "五，六七"]),
        ("quotes close with it", "他说“一二三。”四五六", 9, ["他说“一二三。”", "四五六"]),
        ("then at a comma", "一二三四，五六七八", 8, ["一二三四，", "五六七八"]),
        ("then between words", "abcd efgh ijkl", 12, ["abcd efgh", "ijkl"]),
        ("a figure is no sentence end", "ab 3.5 cd", 7, ["ab 3.5", "cd"]),
        ("not too early", "一\n二三四五六七八九", 8, ["一\n二三四五六七", "八九"]),
        ("else where it is full", "一二三四五六七", 3, ["一二三", "四五六", "七"]),
        ("nothing", "", 5, [""]),
        ("only blanks", " " * 9, 5, [""]),
    ],
)
def test_the_cut_is_where_a_reader_pauses(
    why: str, text: str, limit: int, parts: list[str]
) -> None:
    assert split(text, limit) == parts


def test_one_sign_longer_than_a_part_is_cut_all_the_same() -> None:
    assert split("e" + "\u0301" * 9, 4) == ["e" + "\u0301" * 3, "\u0301" * 4, "\u0301" * 2]
