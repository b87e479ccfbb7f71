"""The steps after the last question: the phone number, a record that others made, the summary."""

from __future__ import annotations

from dataclasses import replace

from handlers import commands, hearing
from handlers.choices import by_number, by_word, named, pick
from handlers.commands import Command
from handlers.dialogue import Turn
from handlers.forms import course
from handlers.forms.form import REGISTRATION
from handlers.registration import saving
from handlers.registration.filling import CHECK, CONFIRM, MATCH, Here
from handlers.registration.onward import at, onward
from handlers.texts import say
from records.people import PHONE, Profile, Source


def checked(text: str, here: Here) -> Turn | None:
    """Whether the number was understood rightly; another number takes its place."""
    phone, other = here.filling.phone, hearing.phone(text)
    if other and other != phone and not hearing.is_hotline(other):
        return at(CHECK, here.holding(replace(here.filling, phone=other)))
    code = pick(text, "yes_no")
    if code == "yes" or other == phone:
        return with_phone(here)
    return onward(here.fresh()) if code == "no" else None


def with_phone(here: Here) -> Turn:
    """The number is certain; perhaps others entered its owner before."""
    known = here.filled({PHONE: here.filling.phone})
    found = _entered_by_others(known)
    if found is not None:
        return at(MATCH, known.holding(replace(known.filling, match=found.id)))
    return onward(known)


def matched(text: str, here: Here) -> Turn | None:
    """Whether the record that others made is about the same person."""
    code = pick(text, "match")
    if code is None:
        return None
    return onward(here if code == "yes" else here.holding(replace(here.filling, match="")))


def confirmed(text: str, here: Here) -> Turn | None:
    """Everything right, or which answer to change."""
    number = commands.changes(text) or next(iter(hearing.numbers(text)), 0)
    if commands.of(text) is Command.MORE:
        return at(CONFIRM, here.holding(replace(here.filling, page=here.filling.page + 1)))
    if number > 1 or commands.changes(text):
        return changed(number, here)
    if pick(text, "yes_no") == "no":
        return at(CONFIRM, here, remark=say("form.which_wrong"))
    offered = named("confirm")
    is_right = by_number(text, offered).codes or by_word(text, offered)
    return saving.saved(here) if is_right else None


def changed(number: int, here: Here) -> Turn:
    """«改n»: that question again, then on from where we were."""
    given = here.filling.given
    if not [q for q in here.form.numbered(number) if q.id in given]:
        return at(here.state.step, here, remark=say("form.no_such", n=number))
    kept = course.without(here.form, given, number)
    return onward(here.holding(replace(here.filling.fresh(), given=kept)))


def _entered_by_others(here: Here) -> Profile | None:
    """A record with this number and home that nobody has called their own.

    With a typed number the home must agree too: a number alone, which anybody can type, must not
    open what a cadre wrote about its owner.
    """
    filling = here.filling
    if filling.form != REGISTRATION or filling.is_correction:
        return None
    others = [p for p in here.scene.by_phone if not p.account and p.source is not Source.CHAT]
    home = filling.given.get("home_place")
    return next((p for p in others if filling.is_own_phone or p.area == home), None)
