"""The list made anew as somebody says: cheaper, nearer, of another line, with what they have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from handlers import frames
from handlers.choices import within
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.forms.form import REGISTRATION
from handlers.identity import living
from handlers.person_effects import CorrectProfile
from handlers.policy_answer import home_of
from handlers.projects import showing
from handlers.projects.market import FLOW
from handlers.projects.narrow_words import Narrow, Said, said_of
from handlers.texts import say
from matching.aspects import open_towns
from matching.codes import Band, Category, Site
from matching.judging import judge
from matching.projects import Project
from matching.ranking import Ranking, rank, same_for_all
from matching.words import label, listed, yuan
from outreach.calendars import CHINA
from records.messages import Option
from records.people import Entered, Profile

_SMALL_YUAN = 10_000
_ANY_YUAN = 10**12
_OF_ONESELF = frozenset({Narrow.SKILL, Narrow.PAPER, Narrow.NOT_LINE})
_Keep = Callable[[Project], bool]


def takes(text: str, state: State, scene: Scene) -> bool:
    """Whether it is said to the list in front of somebody, or asks for one by itself."""
    said = said_of(text)
    if said is None or not scene.market.stock.projects:
        return False
    is_looking = state.flow == FLOW and bool(state.data.get("ids"))
    if said.narrow is Narrow.NTH:
        return is_looking and said.number > 0
    return is_looking or (said.stands_alone and home_of(state, scene) in scene.market.counties)


def answered(text: str, state: State, scene: Scene) -> Turn:
    """The card that is asked about, or a new list."""
    said = said_of(text)
    assert said is not None
    if said.number > len(state.data.get("ids", ())) and said.narrow is Narrow.NTH:
        return Turn((Reply(say("narrow.no_nth", count=len(state.data["ids"]))),), state)
    match said.narrow:
        case Narrow.NTH:
            return showing.nth(said.number - 1, state, scene)
        case Narrow.ABOUT:
            return showing.nth(int(state.data.get("at", 0)), state, scene)
        case Narrow.TRUST | Narrow.RISK:
            return showing.doubted(state, scene, is_risk=said.narrow is Narrow.RISK)
        case Narrow.MONEY | Narrow.SKILL | Narrow.PAPER | Narrow.NOT_LINE | Narrow.LINE:
            return _told(said, state, scene)
    return _listed(_keeps(said, state, scene), _lead(said), state, scene)


def _keeps(said: Said, state: State, scene: Scene) -> _Keep:
    match said.narrow:
        case Narrow.CHEAP:
            return lambda project: project.min_capital_yuan <= _SMALL_YUAN
        case Narrow.NO_SITE:
            return lambda project: project.site_need in (Site.NONE, Site.HOME)
        case Narrow.NEAR:
            return _is_near(scene)
    before = {*state.data.get("ids", ()), *state.data.get("before", ())}
    return lambda project: project.id not in before


def _is_near(scene: Scene) -> _Keep:
    """In one's own town, or anywhere in the county; all of it where the town is not known."""
    person, view = _person(scene), scene.market.view
    assert view is not None
    seeker = scene.market.seeker(person) if person else None
    if seeker is None or not seeker.town:
        return lambda project: not project.towns
    return lambda project: seeker.town in open_towns(seeker, project, view)


def _lead(said: Said) -> str:
    match said.narrow:
        case Narrow.CHEAP:
            return say("narrow.cheap", most=yuan(_SMALL_YUAN))
        case Narrow.NO_SITE:
            return say("narrow.no_site")
        case Narrow.NEAR:
            return say("narrow.near")
    return say("narrow.more")


def _told(said: Said, state: State, scene: Scene) -> Turn:
    """Something of oneself: kept where somebody is registered, and the list made with it."""
    codes, lead, keep = _codes(said, scene)
    person = _person(scene)
    if said.narrow is Narrow.MONEY:
        state = state.remember(budget=said.number)  # to the yuan, for this talk only
    if person is None and said.narrow in _OF_ONESELF:
        return Turn((Reply(say("projects.not_registered")),), state)
    if keep is None:
        turn = Turn((Reply(lead),), state)
    elif person is None:
        return _listed(keep, lead, state, scene)
    else:
        after = replace(person, answers={**person.answers, **codes})
        turn = _listed(keep, lead, state, scene, person=after)
    if person is None or not codes:
        return turn
    effect = CorrectProfile(person.id, Entered(codes=codes, texts={}))
    return replace(turn, effects=(effect, *turn.effects))


def _codes(said: Said, scene: Scene) -> tuple[Mapping[str, Any], str, _Keep | None]:
    """What is kept of it, what is said of it, and what the list then holds."""
    person = _person(scene)
    answers = person.answers if person else {}
    if said.narrow is Narrow.MONEY:
        lead = say("narrow.money", sum=yuan(said.number))
        codes = {"capital_band": Band.of(said.number).value}
        return codes, lead, lambda project: project.min_capital_yuan <= said.number
    if said.line is not None:
        return _line(said.line, answers, scene, is_wanted=said.narrow is Narrow.LINE)
    if said.narrow is Narrow.SKILL:
        return _skills(said.about, answers, scene)
    return _papers(said.about, answers, scene)


def _line(
    line: Category, answers: Mapping[str, Any], scene: Scene, *, is_wanted: bool
) -> tuple[Mapping[str, Any], str, _Keep | None]:
    """A line that somebody wants to see, or none of; what was said last holds."""
    before = answers.get("not_kind", [])
    others, name = [pair for pair in before if pair[0] != line.value], label("lines", line)
    if is_wanted:
        codes = {"not_kind": others} if others != before else {}
        return codes, say("narrow.line", line=name), lambda project: project.category is line
    refused = [*others, [line.value, scene.now.astimezone(CHINA).date().isoformat()]]
    lead = say("narrow.not_line", line=name)
    return {"not_kind": refused}, lead, lambda project: project.category is not line


def _skills(
    about: str, answers: Mapping[str, Any], scene: Scene
) -> tuple[Mapping[str, Any], str, _Keep | None]:
    question = scene.forms[REGISTRATION].question("skills")
    new = within(about, question.choices) if question else ()
    if not new:
        return {}, say("narrow.unknown_skill", skill=about), None
    known = answers.get("skills")
    kept = [*(known if isinstance(known, list) else ()), *new]
    lead = say("narrow.skill", skill=listed("skills", new))
    return {"skills": list(dict.fromkeys(kept))}, lead, lambda one: bool(one.skills_any & set(new))


def _papers(
    about: str, answers: Mapping[str, Any], scene: Scene
) -> tuple[Mapping[str, Any], str, _Keep | None]:
    offered = scene.market.stock.projects
    wanted = {one.kind for project in offered for one in project.certificates_required}
    kind = next((each for each in sorted(wanted) if each.removesuffix("证") == about), "")
    known = answers.get("certificates")
    kept = [*(known if isinstance(known, list) else ()), [kind or about, 0, ""]]
    if not kind:
        return {"certificates": kept}, say("narrow.no_such_paper", paper=about), None
    lead = say("narrow.paper", paper=about)
    return (
        {"certificates": kept},
        lead,
        lambda one: kind in {c.kind for c in one.certificates_required},
    )


def _person(scene: Scene) -> Profile | None:
    known = living(scene.profiles)
    return known[0] if len(known) == 1 else None


def _listed(
    keep: _Keep, lead: str, state: State, scene: Scene, *, person: Profile | None = None
) -> Turn:
    """The best of what is kept; where too little is known for that, what nothing forbids."""
    market, person = scene.market, person or _person(scene)
    most = int(state.memory.get("budget", 0)) or _ANY_YUAN
    out = {
        one.id
        for one in market.stock.projects
        if not keep(one) or one.min_capital_yuan > most or one.id in market.refused
    }
    ranking = _ranked(out, state, scene, person)
    if not ranking.matches:
        options = tuple(Option(word, word) for word in (say("narrow.all"), say("projects.human")))
        return Turn((Reply(f"{lead}{say('narrow.none')}", options, kind="answer"),), state)
    shown = (*state.data.get("before", ()), *state.data.get("ids", ()))
    return showing.begun(
        ranking, person, frames.leave(state), scene, lead=lead, before=tuple(dict.fromkeys(shown))
    )


def _ranked(out: set[str], state: State, scene: Scene, person: Profile | None) -> Ranking:
    market, view, home = scene.market, scene.market.view, home_of(state, scene)
    assert view is not None
    if person is not None and person.is_personal:
        seeker = market.seeker(person)
        seeker = replace(seeker, county=seeker.county or home)
        ranking = rank(seeker, market.stock, view, but=out)
        if ranking.matches:
            return ranking
        left = [one for one in market.stock.projects if one.id not in out]
        out = out | {one.id for one in left if judge(seeker, one, view).bars}
    return Ranking(showing.SAME, same_for_all(home, market.stock, view, but=out))
