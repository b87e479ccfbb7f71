"""The steps after the last question: the phone number, a record that others made, the summary."""

from __future__ import annotations

from dataclasses import replace

from handlers import commands, hearing
from handlers.choices import by_number, by_word, named, pick
from handlers.commands import Command
from handlers.dialogue import Scene, State, Turn
from handlers.forms import course
from handlers.forms.form import REGISTRATION
from handlers.registration import saving
from handlers.registration.filling import CHECK, CONFIRM, MATCH, Filling
from handlers.registration.onward import at, onward
from handlers.texts import say
from records.people import PHONE, Profile, Source


def checked(text: str, filling: Filling, state: State, scene: Scene) -> Turn | None:
    """Whether the number was understood rightly; another number takes its place."""
    other = hearing.phone(text)
    if other and other != filling.phone and not hearing.is_hotline(other):
        return at(CHECK, replace(filling, phone=other), state, scene)
    code = pick(text, "yes_no")
    if code == "yes" or other == filling.phone:
        return with_phone(filling, state, scene)
    return onward(filling.fresh(), state, scene) if code == "no" else None


def with_phone(filling: Filling, state: State, scene: Scene) -> Turn:
    """The number is certain; perhaps others entered its owner before."""
    known = filling.filled({PHONE: filling.phone})
    found = _entered_by_others(known, scene)
    if found is not None:
        return at(MATCH, replace(known, match=found.id), state, scene)
    return onward(known, state, scene)


def matched(text: str, filling: Filling, state: State, scene: Scene) -> Turn | None:
    """Whether the record that others made is about the same person."""
    code = pick(text, "match")
    if code is None:
        return None
    return onward(filling if code == "yes" else replace(filling, match=""), state, scene)


def confirmed(text: str, filling: Filling, state: State, scene: Scene) -> Turn | None:
    """Everything right, or which answer to change."""
    number = commands.changes(text) or next(iter(hearing.numbers(text)), 0)
    if commands.of(text) is Command.MORE:
        return at(CONFIRM, replace(filling, page=filling.page + 1), state, scene)
    if number > 1 or commands.changes(text):
        return changed(number, filling, state, scene)
    if pick(text, "yes_no") == "no":
        return at(CONFIRM, filling, state, scene, remark=say("form.which_wrong"))
    offered = named("confirm")
    if by_number(text, offered).codes or by_word(text, offered):
        return saving.saved(filling, state, scene)
    return None


def changed(number: int, filling: Filling, state: State, scene: Scene) -> Turn:
    """«改n»: that question again, then on from where we were."""
    form = filling.shape(scene)
    answered = [q for q in form.numbered(number) if q.id in filling.given]
    if not answered:
        return at(state.step, filling, state, scene, remark=say("form.no_such", n=number))
    kept = course.without(form, filling.given, number)
    return onward(replace(filling.fresh(), given=kept), state, scene)


def _entered_by_others(filling: Filling, scene: Scene) -> Profile | None:
    """A record with this number and home that nobody has called their own.

    With a typed number the home must agree too: a number alone, which anybody can type, must not
    open what a cadre wrote about its owner.
    """
    if filling.form != REGISTRATION or filling.is_correction:
        return None
    others = [p for p in scene.by_phone if not p.account and p.source is not Source.CHAT]
    home = filling.given.get("home_place")
    return next((p for p in others if filling.is_own_phone or p.area == home), None)
