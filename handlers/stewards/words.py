"""How stewards ask for their groups («我的群», «我的群 2»)."""

from __future__ import annotations

import re

from handlers import hearing

_MINE = re.compile(
    r"(?:看看|看|查|查看)?我(?:的|管的|维护的|管|有)(?:哪些|哪几个|几个|所有|微信)?的?群(?:列表|单)?(?:有哪些|有几个)?"
    r"\s*(?:第?\s*(\d{1,2})\s*页?)?"
)


def page_of(text: str) -> int:
    """The page of one's groups that is asked for; 0 where a message is about something else."""
    found = _MINE.fullmatch(hearing.core(text).rstrip("?？"))
    return max(1, int(found[1] or 1)) if found else 0
