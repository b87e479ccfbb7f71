"""A story as text: for a talk, to copy into groups, for an ambassador to take along."""

from __future__ import annotations

from datetime import date, datetime

from outreach.cases import publishing
from outreach.cases.publishing import Story
from outreach.texts import say
from records import cases
from records.ambassadors import Ambassador
from records.cases import Figure
from records.database import Session
from records.vault import Vault


def told(story: Story, place: str) -> str:
    """A story as it is told to one person: line by line, the figures with their dates."""
    return "\n".join((story.case.text.title, *_body(story, place)))


def for_groups(story: Story, place: str) -> str:
    """The card of the week, to be copied into groups (domain S0-10)."""
    head = say("case.column", place=place)
    foot = say("case.foot")
    return "\n".join((head, story.case.text.title, *_body(story, place), foot))


def for_ambassador(story: Story, one: Ambassador, place: str) -> str:
    """What an ambassador takes along: the term, the story, what to say and what to leave out."""
    assert one.since is not None
    assert one.until is not None
    term = say("case.term", day=_day(one.since), until=_day(one.until))
    rules = (say("case.rule_own"), say("case.rule_figures"), say("case.rule_promise"))
    return "\n".join((term, told(story, place), *rules, say("case.rule_stop")))


def of_the_week(session: Session, vault: Vault, area: str) -> Story | None:
    """The story of an area that was taken least often, then the one taken longest ago."""
    stories = publishing.within(session, vault, area)
    out = cases.times_out(session, [story.case.number for story in stories])

    def used(story: Story) -> tuple[int, str, int]:
        count, last = out.get(story.case.number, (0, None))
        return count, last.isoformat() if last else "", story.case.number

    return min(stories, key=used, default=None)


def take(session: Session, story: Story, *, keeper: str, now: datetime) -> None:
    """Note who keeps the card, so that they can be told to take it down."""
    is_named = bool(story.name)
    cases.hand_out(session, story.case.number, keeper, now, is_named=is_named)


def trade(code: str) -> str:
    """A line of business in words; "" where it is not known."""
    return {
        "farming": say("case.farming"),
        "food_processing": say("case.food"),
        "shop": say("case.shop"),
        "online": say("case.online"),
        "tourism": say("case.tourism"),
        "services": say("case.services"),
        "transport": say("case.transport"),
        "workshop": say("case.workshop"),
    }.get(code, "")


def _body(story: Story, place: str) -> list[str]:
    case = story.case
    who = story.name or say("case.somebody")
    line = trade(case.trade)
    parts = [say("case.who", name=who, place=place)]
    if case.year:
        parts.append(say("case.came", count=case.year))
    if line:
        parts.append(line)
    return ["，".join(parts), *map(_figure, case.text.figures), case.text.story]


def _figure(figure: Figure) -> str:
    return say("case.figure", text=figure.text, day=_day(figure.as_of))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
