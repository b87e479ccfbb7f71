"""我的群: a steward's groups, how many are in them, and when they last got something."""

from __future__ import annotations

from datetime import datetime

from handlers import frames
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.stewards.words import page_of
from handlers.texts import say
from outreach.calendars import CHINA
from outreach.groups.registry import Group
from records.messages import Inbound
from registry.groups_kind import called

PAGE = 10  # groups of one message


class MyGroups:
    """我的群, 我的群 2."""

    name = "my_groups"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        is_staff = scene.counter.staff is not None and not message.is_group
        return is_staff and bool(_page(message))

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        kept, now = scene.kept, scene.now
        start = (_page(message) - 1) * PAGE
        shown = kept.groups[start : start + PAGE]
        lines = [_line(start + n, one, now) for n, one in enumerate(shown, 1)]
        rest = len(kept.groups) - start - len(shown)
        if not lines:
            lines.append(say("stewarded.no_more") if start else say("stewarded.none"))
        elif rest > 0:
            lines.append(say("stewarded.more", n=rest, page=_page(message) + 1))
        if kept.waiting:
            lines.append(say("stewarded.waiting", n=kept.waiting))
        return Turn((Reply("\n".join(lines), kind="staff"),), frames.leave(state))


def _page(message: Inbound) -> int:
    return page_of(message.extra.get(TYPED) or message.text)


def _line(number: int, one: Group, now: datetime) -> str:
    size = say("stewarded.uncounted") if one.size is None else say("stewarded.size", n=one.size)
    return say(
        "stewarded.line",
        number=number,
        name=one.name,
        kind=called(one.kind),
        city=f"，{one.city}" if one.city else "",
        size=size,
        last=_last(one.last_post_at, now),
        way=say("stewarded.by_hand") if one.is_copy_ready else "",
    )


def _last(at: datetime | None, now: datetime) -> str:
    if at is None:
        return say("stewarded.never")
    day = at.astimezone(CHINA)
    year = f"{day.year}年" if day.year != now.astimezone(CHINA).year else ""
    return say("stewarded.last", day=f"{year}{day.month}月{day.day}日")
