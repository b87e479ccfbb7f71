"""What somebody told us to find a project, for their own eyes (domain P-12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from handlers.texts import say
from matching.codes import Band
from matching.profiles import seeker_of
from matching.words import label, listed


def lines(answers: Mapping[str, Any]) -> Iterator[str]:
    """A line for each thing that stands beside the registration."""
    person = seeker_of(answers, id="", county="")
    if answers.get("capital_band") in set(Band):
        yield say("told_of_oneself.money", band=label("bands", str(answers["capital_band"])))
    if person.sites:
        yield say("told_of_oneself.sites", sites=listed("sites", person.sites))
    if answers.get("work_years_industry"):
        for trade in sorted(person.trades or (), key=lambda one: one.category):
            line = label("lines", trade.category)
            yield say("told_of_oneself.trade", line=line, years=trade.years)
    if person.certificates:
        kinds = "、".join(sorted(one.kind for one in person.certificates))
        yield say("told_of_oneself.papers", kinds=kinds)
    if refused := [line for line, _ in answers.get("not_kind", ())]:
        yield say("told_of_oneself.not_wanted", lines=listed("lines", refused))
    if person.accepts_loan:
        yield say("told_of_oneself.loan")
    if person.accepts_other_county:
        yield say("told_of_oneself.other_county")
