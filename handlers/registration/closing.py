"""The steps after the last question: the phone number, a record that others made, the summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers import commands, hearing
from handlers.choices import by_number, by_word, named, pick
from handlers.commands import Command
from handlers.dialogue import Turn
from handlers.forms import course
from handlers.forms.form import REGISTRATION, Question
from handlers.identity import by
from handlers.registration import saving
from handlers.registration.filling import CHECK, CONFIRM, MATCH, Here
from handlers.registration.onward import at, onward, step_of
from handlers.texts import say
from records.people import NICKNAME, PHONE, Profile, Source
from registry.people_matching import Likeness, likeness


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
    if code == "no":
        return onward(here.holding(replace(here.filling, match="")))
    return onward(_with_what_is_known(here))


def _with_what_is_known(here: Here) -> Here:
    """What others entered of what is yet to be asked is only confirmed (domain G-02)."""
    found = by(here.scene.by_phone, here.filling.match)
    theirs = found.answers if found else {}
    unasked = [q.id for q in here.form.questions if q.choices and not q.grants and not q.consent]
    given = here.filling.given
    known = {n: theirs[n] for n in unasked if n not in given and theirs.get(n)}
    return here.filled(known) if known else here


def confirmed(text: str, here: Here) -> Turn | None:
    """Everything right, or which answer to change."""
    phone, number = hearing.phone(text), next(iter(hearing.numbers(text)), 0)
    if phone and not hearing.is_hotline(phone):
        return at(CHECK, here.holding(replace(here.filling, phone=phone)))
    if commands.of(text) is Command.MORE:
        return at(CONFIRM, here.holding(replace(here.filling, page=here.filling.page + 1)))
    if 1 < number <= here.form.total:
        return _reopened(here.form.numbered(number), number, here)
    if pick(text, "yes_no") == "no":
        return at(CONFIRM, here, remark=say("form.which_wrong"))
    offered = named("confirm")
    is_right = by_number(text, offered).codes or by_word(text, offered)
    return saving.saved(here) if is_right else None


def changed(text: str, here: Here) -> Turn | None:
    """«改3», «改电话»: that question again, then on from where we were."""
    number, called = commands.changes(text), course.called(here.form, text)
    if not number and not called:
        return None
    phone = hearing.phone(text)
    if phone and any(question.id == PHONE for question in called):
        return at(CHECK, here.holding(replace(here.filling.fresh(), phone=phone)))
    return _reopened(called or here.form.numbered(number), number, here)


def _reopened(questions: Sequence[Question], number: int, here: Here) -> Turn:
    given = here.filling.given
    if not [q for q in questions if q.id in given]:
        n = number or questions[0].number
        told = say("form.no_such", n=n) if n <= here.form.total else say("form.no_number", n=n)
        return at(here.state.step, here, remark=told)
    kept = course.without(given, questions)
    open_again = here.holding(replace(here.filling.fresh(), given=kept))
    first = next((q for q in questions if q.ask_if.holds(open_again.answers)), None)
    return at(step_of(first, open_again), open_again) if first else onward(open_again)


def _entered_by_others(here: Here) -> Profile | None:
    """A record with this number and home that nobody has called their own.

    With a typed number the home must agree too: a number alone, which anybody can type, must not
    open what a cadre wrote about its owner.
    """
    filling = here.filling
    if filling.form != REGISTRATION or filling.is_correction:
        return None
    others = [p for p in here.scene.by_phone if not p.account and p.source is not Source.CHAT]
    home, name = filling.given.get("home_place"), str(filling.given.get(NICKNAME) or "")
    here_too = [p for p in others if filling.is_own_phone or p.area == home]
    alike = {p.id: likeness(name, p.nickname) for p in here_too}  # a family shares a phone
    exact = next((p for p in here_too if alike[p.id] is Likeness.SAME), None)
    return exact or next((p for p in here_too if alike[p.id] is Likeness.MAYBE), None)
