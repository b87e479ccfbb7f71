"""项目: what fits whom, a card at a time, with why, what to mind, who says so (domain 6.5)."""

from __future__ import annotations

from dataclasses import replace

from handlers import commands, frames, hearing, human_help, places, services
from handlers.choices import by_number, by_word, named
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.identity import living
from handlers.person_effects import CorrectProfile
from handlers.policy_answer import home_of
from handlers.projects import asking, listing, narrowing, owning, reasons, showing
from handlers.projects.market import FLOW
from handlers.projects.words import Ask, Wish, wish_of
from handlers.prompts import ask
from handlers.texts import say
from matching.aspects import View
from matching.ranking import Ranking, rank, same_for_all
from records.messages import Inbound
from records.people import Entered, Profile

AREA, ASK = "area", "ask"
_LISTS = frozenset({Ask.SITES, Ask.TALENT, Ask.DEMANDS})
_ANYTIME = frozenset({Ask.OFFER, Ask.OWN, Ask.PAPERS})


class Projects:
    """项目, 场地, 人才需求, 为什么没有…, 我有个项目, and the answers to what they ask."""

    name = FLOW

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        is_closed = message.is_group or frames.is_asking(state) or not scene.market.is_loaded
        if is_closed or scene.counter.staff is not None:
            return False
        wish = wish_of(message.text)
        if wish is not None:
            return _is_ours(wish, state, scene)
        if narrowing.takes(message.text, state, scene):
            return True
        return state.flow == FLOW and _is_reply(message.text, state, scene)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish = wish_of(message.text)
        if wish is not None and _is_ours(wish, state, scene):
            return _wished(wish, state, scene)
        if narrowing.takes(message.text, state, scene):
            return narrowing.answered(message.text, state, scene)
        if state.step in owning.STEPS:
            return owning.answered(message.text, state, scene)
        if state.step == AREA:
            return _placed(message.text, state, scene)
        if state.step == ASK:
            return _told(message.text, state, scene)
        return showing.answered(message.text, state, scene)


def _is_ours(wish: Wish, state: State, scene: Scene) -> bool:
    """Whether the library has something to say; otherwise the papers do."""
    market = scene.market
    match wish.ask:
        case Ask.OFFER | Ask.OWN | Ask.PAPERS:
            return True
        case Ask.SITES:
            return bool(market.sites)
        case Ask.TALENT:
            return any(row.kind == "talent_demand" for row in market.offers)
        case Ask.DEMANDS:
            return any(row.kind == "demand" for row in market.offers)
        case Ask.WHY_NOT:
            return reasons.is_known(wish.about, scene)
        case Ask.WHY | Ask.BORROW | Ask.OTHER_COUNTY:
            return state.flow == FLOW
        case Ask.SHOW:
            return _has_some(home_of(state, scene), scene)
    return bool(market.stock.projects)


def _has_some(home: str, scene: Scene) -> bool:
    """Whether there is anything for this home, or for a county of it, or it is not known yet."""
    counties = scene.market.counties
    if not home:
        return bool(counties)
    return any(home in (one, *scene.places.lineage(one)) for one in counties)


def _wished(wish: Wish, state: State, scene: Scene) -> Turn:
    left = frames.leave(state)
    match wish.ask:
        case Ask.PAPERS:
            return services.shown(Command.PROJECTS, left, scene)
        case Ask.SITES | Ask.TALENT | Ask.DEMANDS:
            return listing.shown(wish.ask, home_of(state, scene), left, scene)
        case Ask.OFFER | Ask.OWN:
            return owning.begun(wish.ask, left, scene)
        case Ask.WHY_NOT:
            return reasons.why_not(wish.about, state, scene)
        case Ask.WHY:
            return reasons.why(state, scene)
        case Ask.ONE | Ask.WANT | Ask.REFUSE:
            return showing.by_number(wish, left, scene)
        case Ask.OTHER_COUNTY:
            return _widened("other_county", say("projects.other_county"), left, scene)
        case Ask.BORROW:
            return _widened("accepts_loan", say("projects.borrow"), left, scene)
    return _shown(left, scene)


def person_of(scene: Scene) -> Profile | None:
    """Whom it is about; nobody's data is used where several share an account (domain P-30)."""
    known = living(scene.profiles)
    return known[0] if len(known) == 1 else None


def _shown(state: State, scene: Scene, *, person: Profile | None = None, lead: str = "") -> Turn:
    """The first three for this person; the county's newest for everybody else."""
    person, home = person or person_of(scene), home_of(state, scene)
    if home not in scene.market.counties and not (person and _is_wide(person)):
        reply = ask(say("projects.which_county"), key=AREA, kind="reply")
        return Turn((reply,), frames.enter(state, FLOW, AREA))
    assert scene.market.view is not None
    ranking = _ranked(person, home, scene.market.view, scene)
    if ranking.question in asking.ASKED and person is not None and not ranking.matches:
        return _asked(str(ranking.question), state, scene)
    if not ranking.matches:
        return human_help.offer(say("projects.none_fits"), "项目", state, kind="answer")
    turn = showing.begun(ranking, person, state, scene)
    if lead:
        first = replace(turn.replies[0], text=f"{lead}\n{turn.replies[0].text}")
        turn = replace(turn, replies=(first, *turn.replies[1:]))
    return turn


def _is_wide(person: Profile) -> bool:
    return person.answers.get("other_county") == "yes"


def _ranked(person: Profile | None, home: str, view: View, scene: Scene) -> Ranking:
    market = scene.market
    if person is None:
        same = same_for_all(home, market.stock, view)
        return Ranking(showing.SAME, tuple(same))
    seeker = market.seeker(person)
    seeker = replace(seeker, county=seeker.county or home)
    return rank(seeker, market.stock, view, but=market.refused)


def _asked(field: str, state: State, scene: Scene, *, hint: str = "", page: int = 0) -> Turn:
    key = f"{ASK}_{field}"
    reply = asking.question(field, scene, key=key, page=page, hint=hint)
    data = {"field": field, "tag": key, "page": page, "tries": 1 if hint else 0}
    return Turn((reply,), frames.enter(state, FLOW, ASK, **data))


def _told(text: str, state: State, scene: Scene) -> Turn:
    """An answer to the one question: kept, and the cards with it."""
    field, page = str(state.data["field"]), int(state.data.get("page", 0))
    left, person = frames.leave(state), person_of(scene)
    if asking.wants_more(field, text, scene, page=page):
        return _asked(field, left, scene, page=page + 1)
    codes = asking.answer(field, text, scene, page=page)
    if codes is None or person is None:
        return _asked(field, left, scene, hint=say("projects.not_understood"))
    after = replace(person, answers={**person.answers, **codes})
    turn = _shown(left, scene, person=after)
    effect = CorrectProfile(person.id, Entered(codes=codes, texts={}))
    return replace(turn, effects=(effect, *turn.effects))


def _widened(name: str, lead: str, state: State, scene: Scene) -> Turn:
    """Somebody says that another county, or a loan, is fine with them."""
    person = person_of(scene)
    if person is None:
        return Turn((Reply(say("projects.not_registered")),), state)
    codes = {name: "yes"}
    after = replace(person, answers={**person.answers, **codes})
    turn = _shown(state, scene, person=after, lead=lead)
    effect = CorrectProfile(person.id, Entered(codes=codes, texts={}))
    return replace(turn, effects=(effect, *turn.effects))


def _placed(text: str, state: State, scene: Scene) -> Turn:
    found = places.find(text, scene.places).area
    left = frames.leave(state)
    if found is None:
        return Turn((Reply(say("projects.none_fits")),), left)
    left = left.remember(area=found.code)
    if not _has_some(found.code, scene):
        return Turn((Reply(say("projects.no_such_county")),), left)
    return _shown(left, scene)


def _is_reply(text: str, state: State, scene: Scene) -> bool:
    """Whether a message answers what we asked; everything else is a new matter."""
    if state.step in owning.STEPS:
        return not owning.is_left(text, state)
    if state.step == AREA:
        return places.find(text, scene.places).area is not None and not hearing.asks(text)
    if commands.of(text) is Command.BACK or state.step == showing.END:
        return False
    if state.step == ASK:
        return _answers_question(text, state, scene)
    choices = named("project_owner") if state.step == showing.AGREE else named("project_card")
    return bool(by_number(text, choices).codes or by_word(text, choices))


def _answers_question(text: str, state: State, scene: Scene) -> bool:
    if hearing.asks(text):
        return False
    field, page = str(state.data["field"]), int(state.data.get("page", 0))
    if asking.wants_more(field, text, scene, page=page):
        return True
    return asking.answer(field, text, scene, page=page) is not None or not state.data["tries"]
