"""What staff change of a person: with the checks and the follow-ups of the person's own talk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from handlers import consent, link_effects, merging, person_effects
from handlers.forms import course, reading
from handlers.forms.form import LISTED, REGISTRATION, SEALED, Form, Kind, Question, shipped_forms
from handlers.helping import effects as helping_effects
from handlers.link_effects import Where
from knowledge.areas import Gazetteer
from outreach import returning
from records import audit, consents, people, prints
from records.consents import CORE, Said
from records.database import Session
from records.people import NICKNAME, PHONE, Change, Entered, Profile, Source
from records.vault import Vault
from registry import villages, whereabouts

NEVER = frozenset({"consent_push"})  # only the person's own word answers it
COUNTER = "counter"  # the channel of a consent that was given in front of staff


class Unreadable(Exception):
    """Answers that cannot be taken: the fault of each, by its field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Hand:
    """Who of the staff does it, and when."""

    vault: Vault
    staff: str
    now: datetime

    @property
    def actor(self) -> str:
        return audit.actor_of(self.staff)

    @property
    def where(self) -> Where:
        return Where("", COUNTER, self.now, self.vault)


def form() -> Form:
    """The form that people register by."""
    return shipped_forms()[REGISTRATION]


def questions() -> list[Question]:
    """What staff may fill in of it."""
    return [one for one in form().questions if one.id not in NEVER and not _is_words(one)]


def read(
    typed: Mapping[str, Sequence[str]], gazetteer: Gazetteer, held: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers that fields hold; "" takes one away. Unreadable names every fault."""
    given: dict[str, Any] = dict(held)
    faults: dict[str, str] = {}
    for question in questions():
        if question.id not in typed:
            continue
        said = [text.strip() for text in typed[question.id] if text.strip()]
        try:
            given |= _taken(question, said, gazetteer, given)
        except Unreadable as fault:
            faults |= fault.faults
    if faults:
        raise Unreadable(faults)
    return given


def lacking(given: Mapping[str, Any]) -> dict[str, str]:
    """What must be answered and is not, by field."""
    asked = (q for q in form().questions if q.required and q.ask_if.holds(given))
    assumed = course.live(form(), given)
    return {q.id: "请填写这一项" for q in asked if assumed.get(q.id) is None}


def correct(session: Session, profile: Profile, given: Mapping[str, Any], hand: Hand) -> int:
    """Store what differs; the number of the first change in the memory, 0 where nothing did."""
    known = consents.in_force(session, [profile.id]).get(profile.id, ())
    fresh = replace(profile, said=known)
    change = course.changes(form(), fresh.answers, given, said=())
    changed = {k for k, v in change.values().items() if v != fresh.answers.get(k)}
    if not changed:
        return 0
    entered = replace(
        change,
        codes={k: v for k, v in change.codes.items() if k in changed},
        texts={k: v for k, v in change.texts.items() if k in changed},
        area=change.area if "home_place" in changed else "",
        source=Source.COUNTER,
    )
    return _store(session, profile.id, entered, hand, "person.corrected")


def undo(session: Session, profile: Profile, number: int, hand: Hand) -> bool:
    """Take one correction back: the values before it hold again; False where newer ones do."""
    memory = people.memory_of(session, hand.vault, profile.id)
    mine = _made_with(memory, number)
    fields = {one.field for one in mine}
    if not mine or any(one.number > mine[-1].number and one.field in fields for one in memory):
        return False
    before = {name: _before(memory, name, number) for name in fields}
    entered = Entered(
        codes={name: value for name, value in before.items() if not _is_text(name)},
        texts={name: value for name, value in before.items() if _is_text(name)},
        area=str(before.get("home_place") or ""),
        source=Source.COUNTER,
    )
    _store(session, profile.id, entered, hand, "person.restored")
    return True


def enter(
    session: Session, person_id: str, given: Mapping[str, Any], hand: Hand, *, basis: str = ""
) -> None:
    """Somebody new, who said yes in front of staff, or whom a document makes a duty to enter."""
    said = () if basis else (Said(CORE, True, hand.now, consent.version()),)
    entered = course.entered(form(), given, source=Source.COUNTER, said=said)
    people.enter(session, hand.vault, person_id, entered, at=hand.now, basis=basis)
    villages.lodge(session, hand.vault, person_id)
    whereabouts.settle(session, hand.vault, person_id)
    returning.settle(session, hand.vault, person_id, hand.now)
    consents.note(session, person_id, said, channel=COUNTER)
    audit.write(session, "person.saved", at=hand.now, actor=hand.actor, subject=person_id)
    told = entered.values()
    helping_effects.registered(session, hand.vault, person_id, told, hand.now)


def _made_with(memory: Sequence[Change], number: int) -> list[Change]:
    """What one correction changed: from its first row on, of one moment, each field once."""
    mine: list[Change] = []
    for one in memory:
        is_next = mine and one.at == mine[0].at and all(one.field != m.field for m in mine)
        if one.number == number or is_next:
            mine.append(one)
        elif mine:
            break
    return mine


def _before(memory: Sequence[Change], name: str, number: int) -> Any:
    known = [one.value for one in memory if one.number < number and one.field == name]
    return known[-1] if known else None


def _store(session: Session, person_id: str, entered: Entered, hand: Hand, act: str) -> int:
    """The number of the first change that it makes."""
    last = people.last_change(session, person_id)
    person_effects.correct(person_id, entered, session, hand.where)
    audit.write(session, act, at=hand.now, actor=hand.actor, subject=person_id)
    helping_effects.registered(session, hand.vault, person_id, entered.values(), hand.now)
    return people.change_after(session, person_id, last)


def _taken(
    question: Question, said: Sequence[str], gazetteer: Gazetteer, given: Mapping[str, Any]
) -> dict[str, Any]:
    if not said:
        return {question.id: None, question.id + course.WORDS: None}
    if question.kind in LISTED:
        return _chosen(question, said, given)
    found = reading.exactly(question, said[0]) or reading.loosely(
        question, said[0], gazetteer, reading.Place(tries=1)
    )
    if found is None:
        raise Unreadable({question.id: f"看不懂，{question.help}"})
    if found.problem:
        raise Unreadable({question.id: found.problem})
    if question.kind is Kind.PHONE:
        return {question.id: found.phone}
    return dict(found.values)


def _chosen(question: Question, said: Sequence[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Codes of the list; what was said in own words before may stay."""
    own = given.get(question.id)
    kept = set(own) if isinstance(own, list) else {own}
    unknown = [code for code in said if question.choice(code) is None and code not in kept]
    if unknown:
        raise Unreadable({question.id: "请从列出的里面选"})
    if len(set(said)) > question.most:
        raise Unreadable({question.id: f"最多选{question.most}个"})
    alone = [code for code in said if (one := question.choice(code)) and one.alone]
    if alone and len(said) > 1:
        raise Unreadable({question.id: "选了“说不清”就不选别的"})
    return {question.id: list(said) if question.kind is Kind.CHOICES else said[0]}


def _is_words(question: Question) -> bool:
    return question.id.endswith(course.WORDS)


def _is_text(name: str) -> bool:
    question = form().question(name)
    is_sealed = question is not None and (question.kind in SEALED or bool(question.consent))
    return name.endswith(course.WORDS) or is_sealed


def merge(
    session: Session, kept: Profile, gone: Profile, taken: Sequence[str], hand: Hand
) -> None:
    """Two records of one person become the kept one; of `taken` the other knows better."""
    names = [name for one in taken for name in (one, one + course.WORDS)]
    effect = merging.by_staff(kept, gone, form(), names)
    area = str(gone.answers.get("home_place") or "") if "home_place" in taken else ""
    entered = replace(effect.entered, area=area or effect.entered.area)
    link_effects.apply(replace(effect, entered=entered), session, hand.where)
    act = "person.merge_decided"
    audit.write(session, act, at=hand.now, actor=hand.actor, subject=kept.id)


def doubles(
    session: Session, vault: Vault, given: Mapping[str, Any]
) -> tuple[list[Profile], list[Profile]]:
    """Who is registered already: surely the same (phone and name), and who may be."""
    found = prints.of(vault, given, str(given.get("home_place") or ""))
    known = people.with_prints(session, vault, phone=found.phone, home=found.home)
    name = people.plain(str(given.get(NICKNAME) or ""))
    same = [
        one
        for one in known
        if one.phone and one.phone == given.get(PHONE) and people.plain(one.nickname) == name
    ]
    return same, [one for one in known if one not in same]
