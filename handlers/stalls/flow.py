"""来问 火车站 8人 贷款3 登记2, 来问撤回, 摊位情况, for who stands at a stall."""

from __future__ import annotations

from dataclasses import replace

from handlers import frames
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import Effect
from handlers.human_help import TYPED
from handlers.stalls.effects import CountTalks, TakeTalksBack
from handlers.stalls.seen import Stall
from handlers.stalls.words import Count, Standing, Wish, wish_of
from handlers.texts import say
from outreach import stalls
from records.messages import Inbound
from records.stalls import Noted

_Done = tuple[str, tuple[Effect, ...]]


class StallDesk:
    """How many came to a stall and what they asked, counted line by line."""

    name = "stalls"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        is_staff = scene.counter.staff is not None and not message.is_group
        return is_staff and scene.stalls.wish is not None and _wish(message) is not None

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish, staff, left = _wish(message), scene.counter.staff, frames.leave(state)
        if wish is None or staff is None:
            return Turn((), left)
        text, effects = _done(wish, staff.name, scene)
        kind = "notice" if effects else "staff"
        return Turn((Reply(text, kind=kind),), left, effects)


def _wish(message: Inbound) -> Wish | None:
    return wish_of(message.extra.get(TYPED) or message.text)


def _done(wish: Wish, by: str, scene: Scene) -> _Done:
    if isinstance(wish, Count) and wish.fault:
        return say("stalls.unclear", fault=wish.fault), ()
    found = scene.stalls.open_ones
    wanted = getattr(wish, "campaign", 0)
    if not isinstance(wish, Count | Standing):
        return _taken_back(found, by, scene)
    named = [one for one in found if wanted in (0, one.number)]
    if not named:
        return say("stalls.none"), ()
    if len(named) > 1:
        return _which(named, wish), ()
    if isinstance(wish, Count):
        return _counted(wish, named[0], by, scene)
    told = named[0].lines or (say("stalls.nobody_yet"),)
    return "\n".join((say("stalls.head", title=named[0].title), *told)), ()


def _which(named: list[Stall], wish: Wish) -> str:
    titles = "、".join(say("stalls.one", number=one.number, title=one.title) for one in named)
    if isinstance(wish, Standing):
        return say("stalls.which_standing", titles=titles, number=named[0].number)
    return say("stalls.which", titles=titles, number=named[0].number)


def _counted(wish: Count, stall: Stall, by: str, scene: Scene) -> _Done:
    """Without a place it is where they counted last today."""
    today = stalls.of_day(stall.noted, scene.now)
    mine = [one for one in today if one.staff == by]
    place = wish.counted.place or (mine[-1].counted.place if mine else "")
    counted = replace(wish.counted, place=place)
    here = sum(one.counted.talks for one in today if one.counted.place == place)
    topics = "、".join(f"{topic}{n}" for topic, n in counted.topics.items())
    asked = say("stalls.asked", topics=topics) if topics else ""
    text = say(
        "stalls.counted",
        place=place or say("stalls.here"),
        n=counted.talks,
        asked=asked,
        done=_done_there(counted.registered, counted.scanned),
        all=here + counted.talks,
    )
    return text, (CountTalks(stall.number, counted, by),)


def _done_there(registered: int, scanned: int) -> str:
    said = [say("stalls.registered", n=registered)] if registered else []
    said += [say("stalls.scanned", n=scanned)] if scanned else []
    return "".join(said)


def _taken_back(found: tuple[Stall, ...], by: str, scene: Scene) -> _Done:
    mine: list[tuple[Noted, Stall]] = [
        (one, stall)
        for stall in found
        for one in stalls.of_day(stall.noted, scene.now)
        if one.staff == by
    ]
    if not mine:
        return say("stalls.nothing_back"), ()
    last, stall = max(mine, key=lambda pair: pair[0].number)
    where = last.counted.place or say("stalls.here")
    text = say("stalls.taken_back", place=where, n=last.counted.talks)
    return text, (TakeTalksBack(last.number, stall.number, by),)
