"""Talks that many tests begin with."""

from __future__ import annotations

from collections.abc import Sequence

from tests.handlers.support.walk import Store, Walk

REGISTERED = (
    "登记",
    "同意",
    "湖南湘乡泉塘镇花桥村",
    "2",
    "广东东莞",
    "3",
    "1",
    "1",
    "2",
    "3 1",
    "1",
    "1 4",
    "老王 13900001234",
    "对",
    "2",
    "1",
    "1",
)
SECOND = (
    "给我老婆登记",
    "在",
    "同意",
    "湘乡",
    "花桥村",
    "3",
    "1",
    "5",
    "小芳",
    "13700005678",
    "1",
    "3",
    "1",
)
LEFT_FOR = ("再登记一个人", "不在", "同意", "小李", "13700005678", "对", "定陶陈集镇", "2", "1")


def registered(*more: str, store: Store | None = None, talk: Sequence[str] = REGISTERED) -> Walk:
    """老王, who registered, and what was said after."""
    walk = Walk(store=store or Store())
    walk.all(*talk, *more)
    return walk


def two_people() -> Walk:
    """老王 and his wife on one phone."""
    return registered(*SECOND)
