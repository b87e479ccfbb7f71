"""Which groups a steward means by a line."""

from __future__ import annotations

import pytest

from handlers.posting.choosing import chosen
from handlers.posting.seen import Posting
from outreach.groups.registry import Group
from outreach.posting.limits import Full
from records.groups import GroupKind as K

_KNOWN = (
    ("昆明老乡群", K.CITY, "昆明"),
    ("长春站长群", K.HEADS, ""),
    ("返乡一群", K.RETURNEES, "长春市"),
    ("广州老乡群", K.CITY, "广州"),
)
GROUPS = {
    n: Group(n, name, kind, "wechat", "", 9, None, is_copy_ready=True, city=city)
    for n, (name, kind, city) in enumerate(_KNOWN, 1)
}


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("1", [1]),
        ("1 3", [1, 3]),
        ("1、3号群", [1, 3]),
        ("1-3", [1, 2, 3]),
        ("一和三", [1, 3]),
        ("全部", [1, 2, 3, 4]),
        ("城市群", [1, 4]),
        ("站长", [2]),
        ("昆明", [1]),
        ("昆明市", [1]),
        ("长春", [2, 3]),  # in its name, and where its people are
        ("长春市的群", [2, 3]),
        ("昆明和站长群", [1, 2]),
        ("广州、昆明", [1, 4]),
        ("返乡一群", [3]),
        ("老乡", [1, 4]),
        ("昆明 3", [1, 3]),
        ("北京", []),
        ("昆明和北京", []),
        ("9", []),
        ("1 9", []),
        ("群", []),
        ("", []),
    ],
)
def test_a_line_names_groups_or_none(said: str, numbers: list[int]) -> None:
    assert list(chosen(said, Posting(groups=GROUPS))) == numbers


def test_by_word_only_those_that_may_have_one_more() -> None:
    posting = Posting(groups=GROUPS, full={1: Full(1, 1)})
    assert list(chosen("城市群", posting)) == [4]
    assert list(chosen("1 4", posting)) == [1, 4]  # who names it is told why not
    assert list(chosen("昆明", posting)) == [1]
