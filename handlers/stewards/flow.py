"""我的群 for stewards: size and last post; 等安排的群 and 群3 城市群 … for the county."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers import frames, places
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.stewards.effects import PlaceGroup
from handlers.stewards.seen import Told
from handlers.stewards.words import Place, asks_waiting, page_of, place_of
from handlers.texts import say, say_of
from outreach.calendars import CHINA
from outreach.groups.placing import Said
from outreach.groups.registry import Group
from records.group_register import Known
from records.messages import Inbound
from registry.groups_kind import called

PAGE = 10  # groups of one message


class MyGroups:
    """我的群, 我的群 2, 等安排的群, 群3 城市群 广州 小刘."""

    name = "my_groups"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        is_staff = scene.counter.staff is not None and not message.is_group
        return is_staff and bool(_page(message) or asks_waiting(message.text) or _place(message))

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        kept, now, left = scene.kept, scene.now, frames.leave(state)
        if kept.told is not None and scene.counter.staff is not None:
            return _placed(kept.told, scene.counter.staff.name, left)
        if not _page(message):
            return Turn((Reply(_waiting(kept.waiting), kind="staff"),), left)
        start = (_page(message) - 1) * PAGE
        shown = kept.groups[start : start + PAGE]
        lines = [_line(start + n, one, now) for n, one in enumerate(shown, 1)]
        rest = len(kept.groups) - start - len(shown)
        if not lines:
            lines.append(say("stewarded.no_more") if start else say("stewarded.none"))
        elif rest > 0:
            lines.append(say("stewarded.more", n=rest, page=_page(message) + 1))
        if kept.waiting:
            lines.append(say("stewarded.waiting", n=len(kept.waiting)))
        return Turn((Reply("\n".join(lines), kind="staff"),), left)


def _page(message: Inbound) -> int:
    return page_of(message.extra.get(TYPED) or message.text)


def _place(message: Inbound) -> Place | None:
    return place_of(message.extra.get(TYPED) or message.text)


def _waiting(found: Sequence[Known]) -> str:
    if not found:
        return say("stewarded.none_wait")
    lines = [_waits(one) for one in found[:PAGE]]
    more = [say("stewarded.more_wait", n=len(found) - PAGE)] if len(found) > PAGE else []
    return "\n".join((*lines, *more, say("stewarded.how", number=found[0].id)))


def _waits(one: Known) -> str:
    size = say("stewarded.uncounted") if one.size is None else say("stewarded.size", n=one.size)
    return say(
        "stewarded.waits",
        number=one.id,
        name=one.name or say("stewarded.nameless"),
        size=size,
        by=say("stewarded.brought", name=one.brought_by) if one.brought_by else "",
        lacks="、".join(say_of("group", lack) for lack in one.lacks),
    )


def _placed(told: Told, staff: str, state: State) -> Turn:
    read = told.read
    refused = _refused(told)
    if refused:
        return Turn((Reply(refused, kind="notice"),), state)
    if read.is_back:
        back = PlaceGroup(staff, told.number, None, is_back=True)
        text = say("stewarded.back", number=told.number)
        return Turn((Reply(text, kind="notice"),), state, (back,))
    if read.is_dropped:
        text = say("stewarded.dropped", number=told.number)
        effect = PlaceGroup(staff, told.number, None)
        return Turn((Reply(text, kind="notice"),), state, (effect,))
    text = say("stewarded.placed", number=told.number, said=_said(read.said))
    effect = PlaceGroup(staff, told.number, read.said)
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _refused(told: Told) -> str:
    if not told.is_known:
        return say("stewarded.unknown", number=told.number)
    if told.refused or not told.read.unclear:
        return told.refused
    return say("stewarded.unclear", words="、".join(told.read.unclear), number=told.number)


def _said(said: Said) -> str:
    kind = called(said.kind) if said.kind else ""
    steward = say("stewarded.steward", name=said.steward) if said.steward else ""
    return "，".join(filter(None, (places.named(said.area), kind, said.city, steward)))


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
