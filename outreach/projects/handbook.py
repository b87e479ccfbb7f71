"""返乡创业指引手册 (S1-10): the booklet of policies with the published projects before them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from knowledge.compose import spoken_day
from knowledge.exchange.booklet.contents import Booklet, Chapter, Matter, Question
from matching.codes import Evidence, Status
from matching.projects import Project
from matching.words import label
from outreach.projects import cards
from outreach.projects.library import Library
from records.scope import is_within

NAME = "返乡创业指引手册"
CHAPTER = "能干的项目"


def with_projects(
    booklet: Booklet, goods: Library, area: str, named: Callable[[str], str]
) -> Booklet:
    """The booklet of an area, begun with what may be started there today."""
    today = booklet.now.date()
    shown = [
        one
        for one in goods.stock.projects
        if one.status is Status.PUBLISHED
        and is_within(one.county, area)
        and today <= one.expires_on
    ]
    chapter = Chapter(CHAPTER, tuple(_matters(shown, goods, named)))
    return replace(booklet, name=NAME, chapters=(chapter, *booklet.chapters))


def _matters(
    projects: Iterable[Project], goods: Library, named: Callable[[str], str]
) -> Iterator[Matter]:
    ordered = sorted(projects, key=lambda one: (one.category.value, one.county, one.id))
    for category, some in groupby(ordered, key=lambda one: one.category):
        told = tuple(_told(one, goods, named(one.county)) for one in some)
        yield Matter(label("lines", category.value), told)


def _told(project: Project, goods: Library, place: str) -> Question:
    title = cards.title(project, is_demo=project.id in goods.demo)
    notes = (
        ("本钱", cards.money(project).replace("–", "到")),  # what the font has
        ("要小心", project.risk_line),
        ("找谁", f"{project.source_dept}{project.contact_role}"),
        ("核实", _verified(project)),
    )
    about = goods.about.get(project.id, "")
    kept = tuple((key, text) for key, text in notes if text)
    return Question(f"project-{project.id}", f"{title}（{place}）", about, kept)


def _verified(project: Project) -> str:
    day = spoken_day(project.verified_on.isoformat()) if project.verified_on else ""
    expert = "，专家看过" if project.evidence is Evidence.EXPERT_REVIEWED else ""
    return f"{day}{expert}" if day else "还没有核实"
