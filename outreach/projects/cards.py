"""A project as people read it: what, why, what to mind, from whom and when verified (6.5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from knowledge.compose import spoken_day
from matching.codes import Evidence
from matching.projects import Match, Project, Reason
from matching.words import yuan
from outreach.pieces import LONGEST, MOST_LINES
from outreach.texts import say

_MARKS = "①②"


def card(match: Match, place: str, *, is_demo: bool, is_personal: bool = True) -> tuple[str, ...]:
    """One message, or two where it does not fit into one; the second reason goes first."""
    for reasons in (match.reasons, match.reasons[:1]):
        lines = _lines(match, reasons, place, is_demo=is_demo, is_personal=is_personal)
        for cut in (len(lines), 2, 1, 3):
            parts = ("\n".join(lines[:cut]), "\n".join(lines[cut:]))
            if all(len(part) <= LONGEST and part.count("\n") < MOST_LINES for part in parts):
                return tuple(part for part in parts if part)
    return tuple(line[:LONGEST] for line in (lines[0], lines[-1]))


def unasked(match: Match, place: str, *, is_demo: bool) -> tuple[str, ...]:
    """The same for who did not ask: one message wherever the second reason can be spared."""
    for reasons in (match.reasons, match.reasons[:1]):
        lines = _lines(match, reasons, place, is_demo=is_demo, is_personal=True)
        for text in ("\n".join(lines), "\n".join(lines).replace(say("project.expert"), "")):
            if len(text) <= LONGEST:
                return (text,)
    return card(match, place, is_demo=is_demo)


def title(project: Project, *, is_demo: bool) -> str:
    """Its name, with a mark where it is made up."""
    return say("project.demo", title=project.title) if is_demo else project.title


def money(project: Project) -> str:
    """What it takes: 约2万–4万, 约3万起, 不多."""
    least, most = project.min_capital_yuan, project.max_capital_yuan
    if most is None or most == least:
        return f"约{yuan(least)}起" if least else "不多"
    return f"约{yuan(least)}–{yuan(most)}"


def told(reasons: Sequence[Reason]) -> str:
    """①您会的用得上：缝纫 ②…"""
    return " ".join(f"{mark}{one.text}" for mark, one in zip(_MARKS, reasons, strict=False))


def shown(match: Match) -> list[dict[str, object]]:
    """The reasons as they are kept beside a showing, each with the field behind it."""
    return [
        {"term": one.term.value, "field": one.field, "values": list(one.values), "text": one.text}
        for one in match.reasons
    ]


def _lines(
    match: Match, reasons: Sequence[Reason], place: str, *, is_demo: bool, is_personal: bool
) -> list[str]:
    project = match.project
    head = say(
        "project.head", title=title(project, is_demo=is_demo), place=place, money=money(project)
    )
    why = say("project.why", reasons=told(reasons)) if reasons else ""
    caution = say("project.caution", caution=match.caution or project.risk_line)
    lines = (head, why if is_personal else say("project.newest"), caution, _source(project))
    return [line for line in lines if line]


def _source(project: Project) -> str:
    is_reviewed = project.evidence is Evidence.EXPERT_REVIEWED
    expert = say("project.expert") if is_reviewed else ""
    day = _spoken(project.verified_on)
    return say("project.source", dept=project.source_dept, day=day, expert=expert)


def _spoken(day: date | None) -> str:
    return spoken_day(day.isoformat()) if day else "未"
