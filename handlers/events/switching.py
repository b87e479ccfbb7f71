"""Whom an event is for, and the kill switch of its invitations, for staff (domain M-11)."""

from __future__ import annotations

from handlers.dialogue import Scene
from handlers.effects import Effect
from handlers.events import pages
from handlers.events.effects import ChooseGuests, SwitchInvitations
from handlers.events.seen import Detail
from handlers.events.words import Choose, Switch
from handlers.texts import say
from outreach.events import audience
from outreach.events.halting import Fate
from records.events import Halt
from records.staff_accounts import Staff

Said = tuple[str, tuple[Effect, ...]]


def chosen(wish: Choose, one: Detail, staff: Staff, scene: Scene) -> Said:
    """The audience of an event, said anew."""
    event = one.event
    if event.is_off or event.told.starts_at <= scene.now:
        return say("event.too_late", number=event.number), ()
    if event.invited_at is not None:
        return say("event.sent_already", number=event.number), ()
    if len(wish.words) > audience.LONGEST:
        return say("event.audience_long", most=audience.LONGEST), ()
    try:
        audience.read(wish.words)
    except audience.AudienceUnclear as unclear:
        return say("event.audience_unclear", word=unclear, number=event.number), ()
    words = wish.words or say("event.everybody")
    text = say("event.audience_kept", number=event.number, words=words)
    return text, (ChooseGuests(event.number, wish.words, staff.name),)


def switched(wish: Switch, one: Detail, staff: Staff, scene: Scene) -> Said:
    """A running send of invitations, stopped or going on; who has not got theirs is named."""
    event, number = one.event, one.event.number
    if event.invited_at is None or event.is_off or event.told.starts_at <= scene.now:
        return say("event.nothing_sent", number=number), ()
    effect = (SwitchInvitations(number, wish.to, staff.name),)
    got = sum(guest.fate in (Fate.GOT, Fate.UNSURE) for guest in one.guests)
    if wish.to is Halt.NONE:
        if event.halt is not Halt.PAUSED:
            return say("event.not_paused", number=number), ()
        halted = [guest for guest in one.guests if guest.fate is Fate.HALTED]
        return say("event.goes_on", number=number, n=len(halted)), effect
    if event.halt is Halt.STOPPED or (event.halt is wish.to):
        return say("event.halted_already", number=number), ()
    open_ones = [guest for guest in one.guests if guest.fate in (Fate.WAITING, Fate.HALTED)]
    names, n = pages.names(open_ones), len(open_ones)
    if wish.to is Halt.PAUSED:
        return say("event.paused", number=number, got=got, n=n, names=names), effect
    return say("event.stopped", number=number, got=got, n=n, names=names), effect
