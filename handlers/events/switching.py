"""Whom an event is for, and the kill switch of its invitations, for staff (domain M-11)."""

from __future__ import annotations

from handlers.dialogue import Scene
from handlers.effects import Effect
from handlers.events import pages
from handlers.events.effects import ChooseGuests, SendInvitations, SwitchInvitations
from handlers.events.seen import Detail
from handlers.events.words import Choose, Invite, Switch
from handlers.texts import say
from outreach.campaigns.states import MANY, Act
from outreach.events.account import Fate
from outreach.events.telling import invitation
from records.staff_accounts import Staff

Said = tuple[str, tuple[Effect, ...]]


def chosen(wish: Choose, one: Detail, staff: Staff, scene: Scene) -> Said:
    """The audience of an event, said anew."""
    number, seen = one.event.number, one.outlook
    if refusal := _closed(one, scene):
        return refusal, ()
    if seen.fault:
        return say("event.audience_unclear", fault=seen.fault, number=number), ()
    counts = pages.counted(seen)
    text = say("event.audience_kept", number=number, words=seen.spoken, counts=counts)
    return text, (ChooseGuests(number, wish.words, staff.name),)


def invited(wish: Invite, one: Detail, staff: Staff, scene: Scene) -> Said:
    """Who would be asked and who would not, and the very text; then it goes out."""
    number, seen = one.event.number, one.outlook
    if refusal := _closed(one, scene):
        return refusal, ()
    if one.is_asked_for:
        return say("event.waits_already", number=number), ()
    if seen.fault:
        return say("event.cannot_invite", fault=seen.fault, number=number), ()
    if not seen.planned:
        return say("event.nobody", counts=pages.counted(seen), number=number), ()
    if not wish.is_sure:
        text, counts = invitation(one.event), pages.counted(seen)
        return say("event.preview", words=seen.spoken, counts=counts, text=text, number=number), ()
    effects = (SendInvitations(number, staff.name),)
    if seen.planned > MANY:
        return say("event.waits", n=seen.planned, most=MANY), effects
    return say("event.sent", n=seen.planned, number=number), effects


def switched(wish: Switch, one: Detail, staff: Staff) -> Said:
    """Invitations that are going out, stopped or going on; who has not got theirs is named."""
    number = one.event.number
    if one.push is None or one.event.invited_at is None:
        return say("event.nothing_sent", number=number), ()
    if one.fault:
        return one.fault, ()
    effect = (SwitchInvitations(number, wish.to, staff.name),)
    got = sum(guest.fate in (Fate.GOT, Fate.UNSURE) for guest in one.guests)
    open_ones = [guest for guest in one.guests if guest.fate in (Fate.WAITING, Fate.HALTED)]
    names, n = pages.names(open_ones), len(open_ones)
    if wish.to is Act.RESUME:
        return say("event.goes_on", number=number, n=n), effect
    if wish.to is Act.PAUSE:
        return say("event.paused", number=number, got=got, n=n, names=names), effect
    return say("event.stopped", number=number, got=got, n=n, names=names), effect


def _closed(one: Detail, scene: Scene) -> str:
    """Why nobody can be invited any more, "" where somebody can."""
    event = one.event
    if event.is_off or event.told.starts_at <= scene.now:
        return say("event.too_late", number=event.number)
    if event.invited_at is not None:
        return say("event.sent_already", number=event.number)
    return ""
