"""场地, 人才需求, 收货: what a county has listed, a line each."""

from __future__ import annotations

from handlers.dialogue import Reply, Scene, State, Turn
from handlers.projects.words import Ask
from handlers.prompts import sheets
from handlers.texts import say
from records.messages import Option
from records.project_lists import Listed
from records.projects import ProjectKind, Provenance
from records.sites import SiteRow


def shown(asked: Ask, home: str, state: State, scene: Scene) -> Turn:
    """The first that fit into two messages, and how to get to a human."""
    area = scene.places.area(home)
    county = area.short if area else ""
    if asked is Ask.SITES:
        rows = sorted(scene.market.sites, key=lambda row: (row.vacancy == 0, row.number))
        lines = [_site(row) for row in rows if row.vacancy != 0]
        lead, end = say("sites.lead", county=county), say("sites.call")
        none = say("sites.none", county=county)
    elif asked is Ask.TALENT:
        lines = _offers(scene, ProjectKind.TALENT_DEMAND)
        lead, end = say("offers.talent", county=county), say("offers.contact")
        none = say("offers.none_talent", county=county)
    else:
        lines = _offers(scene, ProjectKind.DEMAND)
        lead, end = say("offers.demands", county=county), say("offers.contact")
        none = say("offers.none_demands", county=county)
    human = (Option(say("projects.human"), say("projects.human")),)
    if not lines:
        return Turn((Reply(none, human),), state)
    texts = [text for text in sheets([lead, *lines], end)[0] if text]
    replies = [Reply(text, kind="answer") for text in texts[:-1]]
    return Turn((*replies, Reply(texts[-1], human, kind="answer")), state)


def _site(row: SiteRow) -> str:
    free = (
        say("sites.free_unknown") if row.vacancy is None else say("sites.free", count=row.vacancy)
    )
    rent, place = row.rent or say("sites.rent_unknown"), f"（{row.place}）" if row.place else ""
    contact = f"{row.contact}{row.phone}"
    if row.is_demo:
        return say(
            "sites.line_demo", name=row.name, place=place, free=free, rent=rent, contact=contact
        )
    return say("sites.line", name=row.name, place=place, free=free, rent=rent, contact=contact)


def _offers(scene: Scene, kind: ProjectKind) -> list[str]:
    return [_offer(row) for row in scene.market.offers if row.kind == kind.value]


def _offer(row: Listed) -> str:
    unit = "人" if row.kind == ProjectKind.TALENT_DEMAND.value else "家"
    number = row.terms.get("people_needed") or row.slots
    count, about = f"{number}{unit}", str(row.terms.get("about", ""))
    if row.provenance == Provenance.DEMO.value:
        return say(
            "offers.line_demo", number=row.number, title=row.title, count=count, about=about
        )
    return say(
        "offers.line",
        number=row.number,
        title=row.title,
        dept=row.source_dept,
        count=count,
        about=about,
    )
