"""What is held of a person beside their own answers, as they read it (domain P-12)."""

from __future__ import annotations

from handlers.dialogue import Scene
from handlers.forms.form import REGISTRATION, Form
from handlers.helping.caseload import Held
from handlers.helping.pages import contact, day_of
from handlers.texts import say
from outreach.calendars import CHINA
from outreach.helping.assigning import spoken
from records.assignments import Help
from records.entities import Business, EntityState
from records.people import Profile


def lines(profile: Profile, scene: Scene) -> list[str]:
    """In short: who helps, how often they spoke, what stands in the ledger."""
    found = scene.caseload.held.get(profile.id)
    helpers = _helpers(profile, scene)
    if found is None:
        return helpers
    spoke = [_contacts(found, scene)] if found.visits else []
    return [*helpers, *spoke, *_businesses(found, scene)]


def whole(profile: Profile, scene: Scene) -> list[str]:
    """Every contact with what was noted, for a copy."""
    found = scene.caseload.held.get(profile.id)
    noted = (
        [say("held.by", told=contact(seen), name=seen.helper) for seen in found.visits]
        if found
        else []
    )
    return [*lines(profile, scene), *noted]


def _helpers(profile: Profile, scene: Scene) -> list[str]:
    assigned = scene.caseload.helpers.get(profile.id, ())
    commissioner, mentor = spoken(assigned, Help.COMMISSIONER), spoken(assigned, Help.MENTOR)
    told = [say("held.commissioner", name=commissioner)] if commissioner else []
    told += [say("held.mentor", name=mentor)] if mentor else []
    return [" ".join(told)] if told else []


def _contacts(found: Held, scene: Scene) -> str:
    last = found.visits[0].at.astimezone(CHINA).date()
    today = scene.now.astimezone(CHINA).date()
    return say("held.contacts", count=len(found.visits), day=day_of(last, today))


def _businesses(found: Held, scene: Scene) -> list[str]:
    form = scene.forms[REGISTRATION]
    return [_business(one, form) for one in found.businesses]


def _business(one: Business, form: Form) -> str:
    asked = form.question("biz_kind")
    choice = asked.choice(one.trade) if asked and one.trade else None
    what = one.name or (choice.label if choice else say("held.some_business"))
    since = (
        say("held.since", year=one.began_on.year, month=one.began_on.month) if one.began_on else ""
    )
    ended = say("held.ended") if one.state is EntityState.CLOSED else ""
    return say("held.business", what=what, since=since, ended=ended)
