"""Who of several people on one account is meant, and whether it is really them (domain P-30)."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import hearing
from handlers.choices import Choice, by_number, by_word, within
from handlers.texts import say
from records.people import LAST, Profile, Status


def living(profiles: Sequence[Profile]) -> tuple[Profile, ...]:
    """Those whose record may still be used."""
    return tuple(p for p in profiles if p.status is not Status.WITHDRAWN)


def listed(profiles: Sequence[Profile]) -> tuple[Choice, ...]:
    """A list of people that shows nicknames only."""
    return tuple(
        Choice(profile.id, profile.nickname or say("identity.nameless", number=number))
        for number, profile in enumerate(profiles, 1)
    )


def chosen(text: str, profiles: Sequence[Profile]) -> Profile | None:
    """The person that a message names, by number or nickname."""
    if not profiles:
        return None
    choices = listed(profiles)
    codes = by_number(text, choices).codes or by_word(text, choices) or within(text, choices)
    return next((p for p in profiles if codes and p.id == codes[0]), None)


def question(profile: Profile) -> str:
    """What only this person is likely to know; "" when the record holds nothing to ask for."""
    if profile.phone:
        return say("identity.phone")
    return say("identity.village") if _village(profile) else ""


def is_proved(profile: Profile, text: str) -> bool:
    """Whether the answer to `question` is right."""
    if profile.phone:
        return hearing.digits_in(text)[-LAST:] == profile.phone[-LAST:]
    said = hearing.core(text)
    return len(said) > 1 and said in _village(profile)


def by(profiles: Sequence[Profile], person_id: str) -> Profile | None:
    """The person with this id."""
    return next((profile for profile in profiles if profile.id == person_id), None)


def _village(profile: Profile) -> str:
    return str(profile.answers.get("home_village") or "")
