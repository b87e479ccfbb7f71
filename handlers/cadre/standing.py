"""三有 and 乡贤 in a chat: a named human vouches, the county reads, the person may object."""

from __future__ import annotations

from handlers import frames
from handlers.cadre.effects import MeetSage, ObjectToWord, PairSage, PlaceSage, ReadMarks, Vouch
from handlers.cadre.marking import Known, Wish, is_county, objects, wish_of
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.texts import say
from outreach.calendars import CHINA
from records.messages import Inbound
from records.staff_accounts import Staff
from records.standings import Tier
from registry import marks
from registry.marks import Mark

_MOST = 20  # lines of a list
_TIERS = {Tier.REGISTERED: "登记", Tier.SELECTED: "入选", Tier.KEY: "重点"}


class Standing:
    """三有 王某, 信誉 王某 可推荐, 乡贤 … of staff; 不认同 of whom it is about."""

    name = "standing"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.is_group:
            return False
        if scene.standings.own and objects(message.text):
            return True
        wish = _wish(message)
        return wish is not None and (wish.is_list or wish in scene.standings.named)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        here, staff, wish = frames.leave(state), scene.counter.staff, _wish(message)
        if staff is None or wish is None:
            effects = tuple(ObjectToWord(person_id) for person_id in scene.standings.own)
            return Turn((Reply(say("standing.objected"), kind="notice"),), here, effects)
        if wish.is_list:
            return _listed(wish, staff, here, scene)
        found = scene.standings.named[wish]
        if len(found) != 1:
            text = say("standing.which", name=wish.name) if found else _nobody(wish)
            return _told(text, here)
        return _of_one(wish, found[0], staff, here, scene)


def _wish(message: Inbound) -> Wish | None:
    return wish_of(message.extra.get(TYPED) or message.text)


def _nobody(wish: Wish) -> str:
    return say("standing.nobody", name=wish.name)


def _of_one(wish: Wish, known: Known, staff: Staff, state: State, scene: Scene) -> Turn:
    person, name = known.profile.id, known.profile.nickname
    if wish.word is not None:
        text = say("standing.vouched", name=name, word=marks.WORDS[wish.word])
        effect = Vouch(person, wish.word, staff.name)
        return Turn((Reply(text, kind="notice", about=person),), state, (effect,))
    if not is_county(staff):
        return _told(say("standing.county_only"), state)
    if wish.tier is not None:
        placed = PlaceSage(person, wish.tier, wish.owner, staff.name)
        text = say("standing.placed", name=name, tier=_TIERS[wish.tier])
        return Turn((Reply(text, kind="notice", about=person),), state, (placed,))
    if (wish.is_pair or wish.is_met) and not known.is_sage:
        return _told(say("standing.not_sage", name=name), state)
    if wish.is_pair:
        text = say("standing.paired", name=name, owner=wish.owner)
        return Turn(
            (Reply(text, kind="notice", about=person),),
            state,
            (PairSage(person, wish.owner, staff.name),),
        )
    if wish.is_met:
        text = say("standing.met", name=name)
        return Turn(
            (Reply(text, kind="notice", about=person),), state, (MeetSage(person, staff.name),)
        )
    text = _marks(known, scene)
    return Turn(
        (Reply(text, kind="staff", about=person),), state, (ReadMarks(person, staff.name),)
    )


def _marks(known: Known, scene: Scene) -> str:
    answers, day = known.profile.answers, scene.now.astimezone(CHINA).date()
    told = (
        (say("standing.wish"), marks.wish(answers, known.spoken_at, scene.now)),
        (say("standing.ability"), marks.ability(answers, day, known.offered)),
        (say("standing.trust"), marks.trust(known.vouched)),
    )
    lines = [_mark(label, mark) for label, mark in told]
    return "\n".join((known.profile.nickname, *lines, say("standing.only_advice")))


def _mark(label: str, mark: Mark) -> str:
    facts = f"（{'；'.join(mark.facts)}）" if mark.facts else ""
    return f"{label}：{mark.has.value}{facts}"


def _listed(wish: Wish, staff: Staff, state: State, scene: Scene) -> Turn:
    if not is_county(staff):
        return _told(say("standing.county_only"), state)
    found = [one for one in scene.standings.sages if wish.tier in (None, one[0].tier)]
    if not found:
        return _told(say("standing.no_sages"), state)
    counts = "，".join(
        f"{label}{n}" for tier, label in _TIERS.items()
        if (n := sum(one.tier is tier for one, _ in found))
    )  # fmt: skip
    lines = []
    for sage, person in found[:_MOST]:
        at = sage.contacted_at
        day = at.astimezone(CHINA).date().isoformat() if at else say("standing.never")
        owner = sage.owner or say("standing.no_owner")
        lines.append(f"{person.nickname} {_TIERS[sage.tier]}，{owner}，{day}")
    left = len(found) - len(lines)
    more = [say("standing.more", count=left)] if left else []
    head = say("standing.sages", counts=counts)
    effects = tuple(ReadMarks(sage.person_id, staff.name) for sage, _ in found[:_MOST])
    reply = Reply("\n".join((head, *lines, *more)), kind="staff")
    return Turn((reply,), state, effects)


def _told(text: str, state: State) -> Turn:
    return Turn((Reply(text, kind="notice"),), state)
