"""线索 for the county's staff: what heads told, and a project's draft made of it."""

from __future__ import annotations

from handlers import frames, hearing
from handlers.choices import Choice, by_word, within
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.stations.effects import DraftOfLead, ReadLeads
from handlers.stations.words import LeadWish, MakeProject, lead_wish_of
from handlers.texts import say
from matching.codes import Category
from matching.words import words
from outreach.calendars import CHINA
from records import rights
from records.leads import HeardOf
from records.messages import Inbound
from records.projects import ProjectKind, Provenance
from records.rights import Right
from registry.identity import holds_secret
from registry.offers import TITLE, Offer, Owned

_MOST = 10
_SHORT = 24  # characters of a lead in the list


class LeadDesk:
    """线索, 线索3, 线索3 建项目 种养 名称."""

    name = "leads"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        staff = scene.counter.staff
        is_county = staff is not None and rights.may(staff, Right.PROJECTS)
        return is_county and _wish(message) is not None

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish, staff, left = _wish(message), scene.counter.staff, frames.leave(state)
        assert wish is not None
        assert staff is not None
        found = scene.agenda.stations.leads
        if not wish.number:
            effect = ReadLeads(staff.name, tuple(one.number for one in found[:_MOST]))
            return Turn((Reply(_listed(found), kind="staff"),), left, (effect,))
        one = next((lead for lead in found if lead.number == wish.number), None)
        if one is None:
            return Turn((Reply(say("leads.unknown", number=wish.number), kind="notice"),), left)
        if isinstance(wish, MakeProject):
            return _drafted(one, wish, staff.name, left)
        read = ReadLeads(staff.name, (one.number,))
        return Turn((Reply(_whole(one), kind="staff"),), left, (read,))


def _wish(message: Inbound) -> LeadWish | None:
    return lead_wish_of(message.extra.get(TYPED) or message.text)


def _listed(found: tuple[HeardOf, ...]) -> str:
    if not found:
        return say("leads.none")
    lines = [_line(one) for one in found[:_MOST]]
    more = [say("leads.more", n=len(found) - _MOST)] if len(found) > _MOST else []
    return "\n".join((*lines, *more, say("leads.how", number=found[0].number)))


def _line(one: HeardOf) -> str:
    short = one.text if len(one.text) <= _SHORT else f"{one.text[:_SHORT]}…"
    return say(
        "leads.line",
        number=one.number,
        day=_day(one),
        name=one.staff,
        text=short,
        made=_made(one),
    )


def _whole(one: HeardOf) -> str:
    text = say(
        "leads.line",
        number=one.number,
        day=_day(one),
        name=one.staff,
        text=one.text,
        made=_made(one),
    )
    return text if one.project else f"{text}\n{say('leads.how_to_make', number=one.number)}"


def _made(one: HeardOf) -> str:
    return say("leads.made", project=one.project) if one.project else ""


def _day(one: HeardOf) -> str:
    day = one.at.astimezone(CHINA)
    return f"{day.month}月{day.day}日"


def _drafted(one: HeardOf, wish: MakeProject, staff: str, state: State) -> Turn:
    """A draft that another reviews."""
    refused = refusal(one, wish)
    if refused:
        return Turn((Reply(refused, kind="notice"),), state)
    owned = draft_of(one, wish)
    text = say("leads.drafted", number=one.number, title=wish.title)
    return Turn((Reply(text, kind="notice"),), state, (DraftOfLead(one, owned, staff),))


def draft_of(one: HeardOf, wish: MakeProject) -> Owned:
    """The draft of a project: what the head told, and who it is, stays sealed with it."""
    offer = Offer(
        kind=ProjectKind.PROJECT,
        title=wish.title,
        category=Category(_category(wish.line)),
        county=one.area,
        source_dept=say("leads.source"),
    )
    owner = {"name": one.staff, "words": one.text}
    return Owned(offer, Provenance.DEPARTMENT, owner=owner)


def refusal(one: HeardOf, wish: MakeProject) -> str:
    """Why no project can be made of it like this; "" where one can."""
    if one.project:
        return say("leads.already", number=one.number, project=one.project)
    if not wish.line or not wish.title:
        return say("leads.how_to_make", number=one.number)
    if not _category(wish.line):
        lines = "、".join(words("lines").values())
        return say("leads.no_line", line=wish.line, lines=lines)
    if len(wish.title) > TITLE:
        return say("leads.long_title", most=TITLE)
    if hearing.phone(wish.title) or holds_secret(wish.title):
        return say("leads.secret")
    return ""


def _category(said: str) -> str:
    choices = tuple(Choice(code, label) for code, label in words("lines").items())
    found = by_word(said, choices) or within(said, choices)
    whole = [code for code, label in words("lines").items() if said in label]
    return next(iter((*found, *whole)), "")
