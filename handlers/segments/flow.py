"""多少人 …, 标签 …, 去标签 … of staff."""

from __future__ import annotations

from handlers import frames
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.segments.effects import TagPeople
from handlers.segments.words import Count, Tag, wish_of
from handlers.texts import say
from matching.audience.faults import AudienceFault
from outreach import audiences
from outreach.tagging import TagRefused, checked
from records.messages import Inbound
from records.staff_accounts import Staff


class KindsDesk:
    """How many people are of a kind, before anybody is written to; and tags."""

    name = "kinds"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        wish = _wish(message)
        known = (*scene.kinds.weighed, *scene.kinds.tagged)
        return wish is not None and wish in known and not message.is_group

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish, staff, here = _wish(message), scene.counter.staff, frames.leave(state)
        if isinstance(wish, Tag) and staff is not None:
            return _tagged(wish, staff, here, scene)
        return _told(_counted(wish, scene) if isinstance(wish, Count) else "", here)


def _wish(message: Inbound) -> Count | Tag | None:
    return wish_of(message.extra.get(TYPED) or message.text)


def _counted(wish: Count, scene: Scene) -> str:
    found = scene.kinds.weighed[wish]
    if isinstance(found, AudienceFault):
        return found.marked
    return "\n".join(audiences.told(found))


def _tagged(wish: Tag, staff: Staff, state: State, scene: Scene) -> Turn:
    found = scene.kinds.tagged[wish]
    if not found or len(found) < len(set(wish.numbers)):
        return _told(say("kinds.nobody"), state)
    if len(found) > 1 and not wish.numbers:
        return _told(say("kinds.which", name=wish.name), state)
    try:
        tag = wish.tag.replace(" ", "") if wish.takes else checked(wish.tag)
    except TagRefused as refusal:
        return _told(str(refusal), state)
    names = "、".join(person.nickname or say("kinds.nameless") for person in found)
    text = (
        say("kinds.untagged", names=names, tag=tag)
        if wish.takes
        else say("kinds.tagged", names=names, tag=tag)
    )
    effect = TagPeople(tuple(p.id for p in found), tag, staff.name, wish.takes)
    return Turn((Reply(text, kind="notice", about=found[0].id),), state, (effect,))


def _told(text: str, state: State) -> Turn:
    return Turn((Reply(text, kind="staff"),), state)
