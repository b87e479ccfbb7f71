"""来 and 不来: what somebody is invited to, and their answer."""

from __future__ import annotations

from handlers import frames
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.events import pages
from handlers.events.effects import AnswerInvitation
from handlers.events.words import Say, wish_of
from handlers.texts import say
from outreach.events.telling import clock, when, where
from records.events import Answer, Event, Guest
from records.messages import Inbound

_MOST = 3  # invitations at once


class Invitations:
    """来 活动3, 不来, 我的活动."""

    name = "invitations"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        wish = wish_of(message.text)
        if message.is_group or wish is None:
            return False
        if isinstance(wish, Say) and wish.number:
            return True
        return not frames.is_asking(state) and bool(scene.agenda.events.mine)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish, left = wish_of(message.text), frames.leave(state)
        mine, known = scene.agenda.events.mine, scene.agenda.events.known
        if not isinstance(wish, Say) or (not wish.number and len(mine) > 1):
            lines = [pages.mine(one, known[one.event]) for one in mine[:_MOST]]
            return Turn((Reply("\n".join(lines), kind="notice"),), left)
        guest = next((one for one in mine if wish.number in (0, one.event)), None)
        if guest is None:
            return Turn((Reply(say("event.over")),), left)
        effect = AnswerInvitation(guest.event, guest.person_id, wish.answer)
        text = _told(wish, guest, known[guest.event])
        return Turn((Reply(text, kind="notice"),), left, (effect,))


def _told(wish: Say, guest: Guest, event: Event) -> str:
    if wish.answer is Answer.NO:
        return say("event.not_coming", title=event.told.title, number=guest.event)
    return say(
        "event.coming",
        title=event.told.title,
        day=when(event),
        time=clock(event),
        place=where(event),
    )
