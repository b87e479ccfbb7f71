"""What is read for thousands of texts at once comes out as it does one by one."""

from itertools import product

import numpy as np
import pytest

from knowledge.numerals import NUMERALS
from knowledge.opposites import opposites
from knowledge.postings import summed
from knowledge.sounds import aloud, sound
from knowledge.text import known_characters, letters, normalise
from knowledge.wording import Words

SETTLED = sorted(known_characters() - NUMERALS)


def test_many_texts_sound_as_each_of_them() -> None:
    texts = ["创业担保贷款", "", "3个人abc", "𠮷祥龘", *SETTLED]
    assert aloud(texts) == [sound(text) for text in texts]


def test_known_characters_are_spelled_as_they_are() -> None:
    spelled = normalise("?") + "".join(normalise(f"{c}?")[:-1] for c in SETTLED)
    assert spelled == "?" + "".join(SETTLED)


@pytest.mark.parametrize("text", ["", "贷款", "贷 款,", "a_b", "20万元。", "½²"])
def test_letters_are_what_is_pronounced(text: str) -> None:
    assert letters(text) == "".join(c for c in text if c.isalnum())


def test_the_longest_of_a_thousand_words_is_found() -> None:
    words = Words(first + last for first, last in product(SETTLED[:200], ["", "好", "好吗"]))
    said = f"?{SETTLED[0]}好吗好{SETTLED[199]}好"
    assert list(words.found(said)) == [(1, said[1:4]), (5, said[5:7])]


def test_of_no_words_none_is_found() -> None:
    assert Words([]).replaced("什么都没有", str.upper) == "什么都没有"


@pytest.mark.parametrize(("said", "count"), [("能贷多少", 0), ("不要利息的贷款", 1)])
def test_opposites_are_found_where_there_are_any(said: str, count: int) -> None:
    assert len(opposites(said)) == count


def test_counts_of_the_same_key_are_added_up() -> None:
    keys, counts = summed(np.array([5, 3, 5]), np.array([1, 2, 4]))
    assert (keys.tolist(), counts.tolist()) == ([3, 5], [2, 5])
