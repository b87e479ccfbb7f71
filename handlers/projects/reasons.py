"""为什么推荐, 为什么没有: answered from the same rules that made the list (domain 6.5)."""

from __future__ import annotations

from handlers import hearing
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.identity import living
from handlers.projects import showing
from handlers.projects.market import FLOW
from handlers.projects.narrow_words import line_of
from handlers.texts import say
from matching.codes import Category
from matching.judging import judge
from matching.profiles import lines_not_wanted, refused_lines
from matching.projects import Project
from matching.ranking import Basis
from matching.reasons import bars_told
from matching.words import label
from outreach.projects import cards

_LEAST = 2  # characters of a title that may mean it


def why(state: State, scene: Scene) -> Turn:
    """Why the card in front of somebody is there."""
    ids = state.data.get("ids") or []
    project = scene.market.project(ids[int(state.data["at"])]) if ids else None
    if state.flow != FLOW or project is None:
        return Turn((Reply(say("projects.why_none")),), state)
    known = living(scene.profiles)
    person = known[0] if len(known) == 1 else None
    match = showing.match_of(project, person, scene)
    if state.data.get("basis") == Basis.SAME_FOR_ALL.value or person is None:
        return Turn((Reply(say("projects.why_same"), kind="answer"),), state)
    if not match.reasons:
        return Turn((Reply(say("projects.why_first"), kind="answer"),), state)
    text = say("projects.why", reasons=cards.told(match.reasons))
    return Turn((Reply(text, kind="answer"),), state)


def is_known(about: str, scene: Scene) -> bool:
    """Whether somebody names a project or a line of business."""
    return _named(about, scene) is not None or line_of(about) is not None


def why_not(about: str, state: State, scene: Scene) -> Turn:
    """Why a project, or any of a line, is not among those shown."""
    project, line = _named(about, scene), line_of(about)
    if project is not None:
        text = _of_project(project, scene)
    else:
        assert line is not None
        text = _of_line(line, scene)
    return Turn((Reply(text, kind="answer"),), state)


def _of_project(project: Project, scene: Scene) -> str:
    known, view = living(scene.profiles), scene.market.view
    assert view is not None
    title = cards.title(project, is_demo=project.id in scene.market.demo)
    if len(known) != 1 or not known[0].is_personal:
        return say("projects.why_not_unregistered", title=title)
    if project.id in scene.market.refused:
        return say("projects.why_not_said", title=title)
    seeker = scene.market.seeker(known[0])
    told = bars_told(seeker, project, judge(seeker, project, view).bars)
    return say("projects.why_not", title=title, why=told)


def _of_line(line: Category, scene: Scene) -> str:
    name, known, view = label("lines", line), living(scene.profiles), scene.market.view
    said = scene.market.refusals.get(known[0].id, ()) if len(known) == 1 else ()
    days = [(Category(each), at.date()) for each, at in said]
    if view is not None and line in lines_not_wanted(
        known[0].answers if known else {}, view.today, view.rules
    ):
        return say("projects.why_not_wanted", line=name)
    if view is not None and line in refused_lines(days, view.today, view.rules):
        return say("projects.why_not_refused", line=name)
    found = _likeliest(line, scene)
    return _of_project(found, scene) if found else say("projects.why_not_line", line=name)


def _likeliest(line: Category, scene: Scene) -> Project | None:
    """The project of a line that comes nearest to being shown."""
    view, known = scene.market.view, living(scene.profiles)
    found = [one for one in scene.market.stock.projects if one.category is line]
    if not found or view is None or len(known) != 1:
        return found[0] if found else None
    seeker = scene.market.seeker(known[0])
    judged = ((judge(seeker, one, view), one) for one in found)
    return min(judged, key=lambda pair: (len(pair[0].bars), -pair[0].points))[1]


def _named(about: str, scene: Scene) -> Project | None:
    said = hearing.core(about)
    if len(said) < _LEAST:
        return None
    titles = [(hearing.core(one.title), one) for one in scene.market.stock.projects]
    near = [one for title, one in titles if said == title]
    near = near or [one for title, one in titles if said in title or title in said]
    return near[0] if near else None
