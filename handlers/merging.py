"""One person's two records as one: what the kept one lacks is taken from the other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from handlers.dialogue import Scene
from handlers.forms import course
from handlers.forms.form import REGISTRATION, Form
from handlers.link_effects import MergeProfiles
from records.consents import Said
from records.people import Entered, Profile, Source


def of(kept: Profile, gone: Profile, scene: Scene, *, is_certain: bool) -> MergeProfiles:
    """What `gone` adds. Its consents count where it is certain that both are the same person."""
    form = scene.forms[REGISTRATION]
    said = _newer(kept, gone) if is_certain else ()
    return _joined(kept, gone, form, said=said, source=Source.CHAT)


def by_staff(
    kept: Profile, gone: Profile, form: Form, taken: Collection[str] = ()
) -> MergeProfiles:
    """Staff saw that both are one; of the fields `taken` the other record knows better."""
    over = {name: gone.answers[name] for name in taken if name in gone.answers}
    less = replace(kept, answers={k: v for k, v in kept.answers.items() if k not in over})
    said = _newer(kept, gone)
    return _joined(less, gone, form, said=said, source=Source.COUNTER)


def _joined(
    kept: Profile, gone: Profile, form: Form, *, said: tuple[Said, ...], source: Source
) -> MergeProfiles:
    given = {**gone.answers, **kept.answers}
    entered = course.entered(form, given, source=source, said=said)
    agreed = {answer.kind for answer in (*kept.said, *said) if answer.given}
    facts = {attr: value for attr, value in gone.told.items() if attr not in kept.told}
    return MergeProfiles(kept.id, gone.id, _lacking(entered, kept, agreed), facts)


def _newer(kept: Profile, gone: Profile) -> tuple[Said, ...]:
    """The answers to questions of consent that the other record has alone, or from later."""
    known = {answer.kind: answer.at for answer in kept.said}
    return tuple(s for s in gone.said if s.kind not in known or s.at > known[s.kind])


def _lacking(entered: Entered, kept: Profile, agreed: set[str]) -> Entered:
    """Only what is new, and what may be kept at all."""
    barred = {name for name, kind in entered.needs.items() if kind not in agreed}

    def new(values: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in values.items() if k not in kept.answers and k not in barred}

    area = entered.area if not kept.area else ""
    codes, texts = new(dict(entered.codes)), new(dict(entered.texts))
    return replace(entered, codes=codes, texts=texts, area=area)
