"""敲门行动 in a chat: a list of doors, what came of each, who is missing (domain S4-04)."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import frames
from handlers.cadre.doors import Add, Begin, End, Show, Told, round_of
from handlers.cadre.effects import AddDoors, BeginRound, EndRound, NoteDoors
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.texts import say
from outreach.calendars import CHINA
from records import rights
from records.messages import Inbound
from records.rights import Right
from records.sweeps import AtDoor, DoorState, Round

_PAGE = 15  # doors in one message
_COUNTED = (
    DoorState.TALKED,
    DoorState.NOT_HOME,
    DoorState.REFUSED,
    DoorState.MOVED,
    DoorState.DECEASED,
    DoorState.OPEN,
)


class Rounds:
    """开始摸排, 3 5 8 已谈, 还差谁, 进度 of cadres and staff."""

    name = "sweep"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        staff = scene.counter.staff
        if staff is None or not rights.may(staff, Right.SWEEP) or message.is_group:
            return False
        wish = round_of(_typed(message))
        is_loose = isinstance(wish, Told) and scene.entering.round is None
        return wish is not None and not (is_loose and frames.is_asking(state))

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        here, text = frames.leave(state), _typed(message)
        wish, found = round_of(text), scene.entering.round
        if isinstance(wish, Begin):
            return _begun(text, here, scene)
        if found is None:
            return _told(say("sweep.none"), here)
        match wish:
            case Told(doors):
                return _noted(doors, found, here, scene)
            case Add(names):
                effect = AddDoors(found.id, names)
                first = len(found.doors) + 1
                text = say("sweep.added", count=len(names), first=first)
                return Turn((Reply(text, kind="notice"),), here, (effect,))
            case End():
                effects = (EndRound(_name(scene)),)
                text = say("sweep.ended", progress=_progress(found))
                return Turn((Reply(text, kind="notice"),), here, effects)
            case Show(is_missing, page):
                return _told(_shown(found, page, is_missing=is_missing), here)
            case _:
                return _told(_progress(found), here)


def _typed(message: Inbound) -> str:
    return message.extra.get(TYPED) or message.text


def _name(scene: Scene) -> str:
    staff = scene.counter.staff
    return staff.name if staff else ""


def _begun(text: str, state: State, scene: Scene) -> Turn:
    begun, found = scene.entering.begun.get(text), scene.entering.round
    if begun is None or (not begun.place and not begun.refusal):
        return _told(say("cadre.no_county"), state)
    if begun.refusal:
        return _told(say("sweep.where", why=begun.refusal), state)
    if found is not None and (found.place, found.words) == (begun.place, begun.words):
        return _told(say("sweep.going_on", progress=_progress(found)), state)
    effect = BeginRound(begun, _name(scene))
    if not begun.doors:
        reply = Reply(say("sweep.empty", place=begun.words), kind="notice")
        return Turn((reply,), state, (effect,))
    doors = tuple(
        AtDoor(0, n, d.name, d.state, d.person_id, d.not_before)
        for n, d in enumerate(begun.doors, 1)
    )
    head = say("sweep.begun", place=begun.words, count=len(doors))
    lines = _page(doors, 1, is_missing=False)
    reply = Reply("\n".join((head, *lines, say("sweep.how_to"))), kind="staff")
    return Turn((reply,), state, (effect,))


def _noted(
    said: Sequence[tuple[int | str, DoorState]], found: Round, state: State, scene: Scene
) -> Turn:
    """Each door that was named, the last word about it; what is no door is said."""
    meant: dict[int, DoorState] = {}
    unknown: list[str] = []
    for ref, came in said:
        doors = _meant(ref, found)
        if len(doors) == 1:
            meant[doors[0].number] = came
        else:
            unknown.append(f"{ref}号" if isinstance(ref, int) else ref)
    effects = tuple(
        NoteDoors(
            tuple(_at(found, [n for n, s in meant.items() if s is came])), came, _name(scene)
        )
        for came in dict.fromkeys(meant.values())
    )
    after = Round(found.id, found.place, found.words, tuple(_after(found, meant)))
    lines = [say("sweep.noted", what=_words(meant, found))] if meant else []
    lines += [say("sweep.unknown", doors="、".join(unknown[:_PAGE]))] if unknown else []
    lines += [say("sweep.is_silent")] if DoorState.DECEASED in meant.values() else []
    lines.append(_progress(after))
    return Turn((Reply("\n".join(lines), kind="staff"),), state, effects)


def _meant(ref: int | str, found: Round) -> list[AtDoor]:
    if isinstance(ref, int):
        door = found.numbered(ref)
        return [door] if door else []
    return [door for door in found.doors if door.name == ref]


def _at(found: Round, numbers: Sequence[int]) -> list[AtDoor]:
    return [door for door in found.doors if door.number in numbers]


def _after(found: Round, meant: dict[int, DoorState]) -> list[AtDoor]:
    return [
        AtDoor(d.id, d.number, d.name, meant.get(d.number, d.state), d.person_id, d.not_before)
        for d in found.doors
    ]


def _words(meant: dict[int, DoorState], found: Round) -> str:
    parts = []
    for state in dict.fromkeys(meant.values()):
        names = [f"{door.number}号{door.name}" for door in found.doors
                 if meant.get(door.number) is state]  # fmt: skip
        shown = "、".join(names[:_PAGE]) if len(names) <= _PAGE else f"{len(names)}户"
        parts.append(f"{shown}{_label(state)}")
    return "；".join(parts)


def _progress(found: Round) -> str:
    counts = {state: sum(door.state is state for door in found.doors) for state in _COUNTED}
    told = "，".join(f"{_label(state)}{count}" for state, count in counts.items() if count)
    if not told:
        return say("sweep.no_doors", place=found.words)
    return say("sweep.progress", place=found.words, count=len(found.doors), told=told)


def _shown(found: Round, page: int, *, is_missing: bool) -> str:
    doors = [door for door in found.doors if door.state.is_missing or not is_missing]
    if not doors:
        is_over = is_missing and bool(found.doors)
        return say("sweep.nobody_missing") if is_over else _progress(found)
    head = say("sweep.missing", count=len(doors)) if is_missing else _progress(found)
    return "\n".join((head, *_page(doors, page, is_missing=is_missing)))


def _page(doors: Sequence[AtDoor], page: int, *, is_missing: bool) -> list[str]:
    shown = doors[(page - 1) * _PAGE :][:_PAGE]
    lines = [_line(door) for door in shown]
    left = len(doors) - (page - 1) * _PAGE - len(shown)
    if left > 0:
        word = say("sweep.word_missing") if is_missing else say("sweep.word_all")
        lines.append(say("sweep.more", count=left, word=word, page=page + 1))
    return lines


def _line(door: AtDoor) -> str:
    until = door.not_before.astimezone(CHINA).date() if door.not_before else None
    told = "" if door.state is DoorState.OPEN else _label(door.state)
    rest = say("sweep.not_before", day=f"{until.month}月{until.day}日") if until else ""
    return f"{door.number}号 {door.name or say('helping.nameless')} {told}{rest}".rstrip()


def _label(state: DoorState) -> str:
    return {
        DoorState.TALKED: say("sweep.talked"),
        DoorState.NOT_HOME: say("sweep.not_home"),
        DoorState.REFUSED: say("sweep.refused"),
        DoorState.DECEASED: say("sweep.deceased"),
        DoorState.MOVED: say("sweep.moved"),
        DoorState.OPEN: say("sweep.open"),
    }[state]


def _told(text: str, state: State) -> Turn:
    return Turn((Reply(text, kind="staff"),), state)
