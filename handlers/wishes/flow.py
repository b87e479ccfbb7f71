"""少发点, 别发培训, 我上夜班, 过完年再发; 我的推送 shows what holds and takes it back."""

from __future__ import annotations

from datetime import datetime

from handlers import commands, frames, hearing
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.texts import say
from handlers.wishes import seen
from handlers.wishes.clauses import beside, heard, unreal
from handlers.wishes.effects import KeepWishes
from handlers.wishes.phrases import Heard
from handlers.wishes.words import back, holding, spoken_of
from records import wishes
from records.messages import Inbound, Option
from records.wishes import Name, Wanted, Wish, WishRow

_LIST = "list"
_FREE = ("", "welcome", seen.FLOW)


class Wishes:
    """What somebody wishes of our messages, said at any time."""

    name = seen.FLOW

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.is_group:
            return False
        if state.flow == self.name and _picked(message.text, state):
            return True
        if seen.asks(message.text) or unreal(message.text, scene.now):
            return not scene.ticket
        found = _heard(message.text, scene)
        if found is None:
            return False
        return found.is_clear or (not scene.ticket and state.flow in _FREE)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        name = _picked(message.text, state) if state.flow == self.name else ""
        if name:
            return _changed(Heard((), (name,)), frames.leave(state), scene)
        if seen.asks(message.text):
            return _listed(state, scene)
        if day := unreal(message.text, scene.now):
            return Turn((Reply(say("wish.no_such_day", day=day), kind="notice"),), state)
        found = _heard(message.text, scene)
        assert found is not None  # else it was not taken
        left = frames.leave(state) if state.flow == self.name else state
        return _changed(found, left, scene)


def _heard(text: str, scene: Scene) -> Heard | None:
    """What is wished; «接着发» alone ends a pause, where there is one and no stop."""
    is_paused = scene.wishing.wish.pause is not None and not scene.wishing.is_stopped
    if is_paused and commands.of(text) is Command.ALLOW:
        return Heard((), (Name.PAUSE,), is_clear=True)
    return heard(text, scene.now)


def line(scene: Scene) -> list[str]:
    """What is wished, for who looks at all that is held of them."""
    what = holding(scene.wishing.wish)
    return [say("wish.mine", what=what)] if what else []


def _changed(found: Heard, state: State, scene: Scene) -> Turn:
    found = beside(found, scene.wishing.wish)
    after = _after(scene.wishing.wish, found, scene.now)
    effect = KeepWishes(found.wanted, found.dropped)
    what = holding(after)
    if not what:
        text = say("wish.usual")
    else:
        undo = say("wish.undo", word=_undo(found.wanted))
        text = say("wish.noted", what=what, undo=undo)
    if scene.wishing.is_stopped:
        text = f"{text}{say('wish.and_stopped')}"
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _undo(wanted: tuple[Wanted, ...]) -> str:
    return back(wanted[0]) if len(wanted) == 1 else say("wish.back_all")


def _after(wish: Wish, found: Heard, now: datetime) -> Wish:
    """What holds then: of a kind that was named again the new alone."""
    gone = {*found.dropped, *(one.name for one in found.wanted)}
    kept = [one for one in wish.wanted if one.name not in gone]
    rows = [
        WishRow(who="", name=one.name, value=one.value, until=one.until, said_at=now)
        for one in (*kept, *found.wanted)
    ]
    return wishes.together(rows)


def _listed(state: State, scene: Scene) -> Turn:
    wish = scene.wishing.wish
    stopped = say("wish.stopped") if scene.wishing.is_stopped else ""
    if not wish.wanted:
        return Turn((Reply(stopped or say("wish.none"), kind="notice"),), state)
    options = tuple(
        Option(f"{number} {spoken_of(one)}", back(one))
        for number, one in enumerate(wish.wanted[:9], 1)
    )
    text = say("wish.list", what=holding(wish))
    names = [one.name for one in wish.wanted[:9]]
    after = frames.enter(state, Wishes.name, _LIST, names=names)
    reply = Reply(f"{text}{say('wish.and_stopped') if stopped else ''}", options)
    return Turn((reply,), after)


def _picked(text: str, state: State) -> str:
    """The wish whose number was typed; "" for anything else."""
    names = state.data.get("names", [])
    numbers = hearing.numbers(text)
    if len(numbers) != 1 or not 1 <= numbers[0] <= len(names):
        return ""
    return str(names[numbers[0] - 1])
