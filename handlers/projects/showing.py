"""Cards one after the other, and what somebody says to one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from handlers import frames, human_help
from handlers.choices import by_number as number_of
from handlers.choices import by_word, named
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import Effect, OpenTicket
from handlers.identity import living
from handlers.projects.effects import AgreeToOwner, AnswerProject, ShowProject
from handlers.projects.market import FLOW
from handlers.projects.words import Ask, Wish
from handlers.prompts import ask, fits
from handlers.texts import say
from knowledge.compose import spoken_day
from matching.aspects import is_current
from matching.codes import Evidence
from matching.projects import Match, Project
from matching.ranking import Basis, Ranking
from matching.reasons import explain
from matching.words import label, listed
from outreach.projects import cards
from outreach.projects.stocking import town_name
from records.messages import Option
from records.people import Profile
from records.project_people import Answer
from records.tickets import TicketKind

CARD, AGREE, END = "card", "agree", "end"
SAME = Basis.SAME_FOR_ALL
_TWICE = 2


@dataclass(frozen=True, slots=True)
class Deck:
    """The projects that are shown one after the other, and what they were chosen by."""

    ids: tuple[str, ...]
    basis: str
    before: tuple[str, ...] = ()  # shown before these, of the same talk


def begun(
    ranking: Ranking,
    person: Profile | None,
    state: State,
    scene: Scene,
    *,
    lead: str = "",
    before: tuple[str, ...] = (),
) -> Turn:
    """The first card of a ranking."""
    ids = tuple(match.project.id for match in ranking.matches)
    deck = Deck(ids, ranking.basis.value, before)
    count = say("projects.lead", count=len(ids)) if len(ids) > 1 else say("projects.lead_one")
    if ranking.basis is Basis.FIRST_LOOK:
        count = say("projects.first_look", count=len(ids))
    return _card(0, deck, state, scene, lead=f"{lead}{count}", is_told=bool(lead), person=person)


def nth(at: int, state: State, scene: Scene) -> Turn:
    """What there is to know of one of the list."""
    deck = _deck(state)
    project = scene.market.project(deck.ids[at])
    if project is None:
        return Turn((Reply(say("projects.gone")),), state)
    key = f"{CARD}{project.id}"
    head = say("projects.money", money=cards.money(project))
    text = _details(project, scene, head)
    reply = ask(text, named("project_card"), key=key, kind="reply", words=_words())
    return Turn((reply,), _at(at, deck, key, frames.leave(state)))


def doubted(state: State, scene: Scene, *, is_risk: bool) -> Turn:
    """Whether the card in front of somebody is to be trusted, and what may go wrong."""
    deck, at = _deck(state), int(state.data.get("at", 0))
    project = scene.market.project(deck.ids[at])
    if project is None:
        return Turn((Reply(say("projects.gone")),), state)
    if is_risk:
        text = say("projects.risk", risk=project.risk_line.rstrip("。"))
        if project.failure_case and fits(longer := text + _failure(project)):
            text = longer
    else:
        is_reviewed = project.evidence is Evidence.EXPERT_REVIEWED
        expert = say("projects.by_expert") if is_reviewed else ""
        day = spoken_day(project.verified_on.isoformat()) if project.verified_on else ""
        text = say("projects.trust", dept=project.source_dept, day=day, expert=expert)
    key = f"{CARD}{project.id}"
    reply = ask(text, named("project_card"), key=key, kind="reply", words=_words())
    return Turn((reply,), _at(at, deck, key, frames.leave(state)))


def _deck(state: State) -> Deck:
    data = state.data
    return Deck(tuple(data["ids"]), str(data["basis"]), tuple(data.get("before", ())))


def _at(at: int, deck: Deck, key: str, state: State) -> State:
    return frames.enter(state, FLOW, CARD, **_data(deck), at=at, tag=key)


def _data(deck: Deck) -> dict[str, Any]:
    return {"ids": list(deck.ids), "basis": deck.basis, "before": list(deck.before)}


def _failure(project: Project) -> str:
    return say("projects.failure", failure=project.failure_case.rstrip("。")) + "。"


def by_number(wish: Wish, state: State, scene: Scene) -> Turn:
    """One project that somebody names, or answers to, by its number."""
    view, project = scene.market.view, scene.market.project(wish.number)
    if project is None or view is None or not is_current(project, view):
        return Turn((Reply(say("projects.gone")),), state)
    deck = Deck((project.id,), Basis.DATA.value)
    if wish.ask is Ask.ONE:
        return _card(0, deck, state, scene)
    if wish.ask is Ask.WANT:
        return _wanted(project, state, scene)
    return _refused(project, 0, deck, state, scene)


def answered(text: str, state: State, scene: Scene) -> Turn:
    """What somebody says to the card in front of them."""
    if state.step == AGREE:
        return _agreed(text, state, scene)
    choices, left = named("project_card"), frames.leave(state)
    code = next(iter(number_of(text, choices).codes or by_word(text, choices)), "")
    deck = _deck(state)
    at = int(state.data["at"])
    project = scene.market.project(deck.ids[at])
    if code == "next" or project is None:
        return _card(at + 1, deck, left, scene)
    if code == "want":
        return _wanted(project, left, scene)
    return _refused(project, at, deck, left, scene)


def match_of(project: Project, person: Profile | None, scene: Scene) -> Match:
    """Why a project is shown to somebody; to strangers and who wants it so, without reasons."""
    view = scene.market.view
    assert view is not None
    if person is None or not person.is_personal:
        return Match(project=project, score=0, confidence=0, caution=project.risk_line)
    seeker = scene.market.seeker(person)
    return explain(seeker, project, view)


def place_of(project: Project, scene: Scene) -> str:
    """The county and the first town of a project."""
    area = scene.places.area(project.county)
    names = [name for town in project.towns if (name := town_name(town))]
    return (area.short if area else "") + (names[0] if names else "")


def _card(
    at: int,
    deck: Deck,
    state: State,
    scene: Scene,
    *,
    lead: str = "",
    is_told: bool = False,
    person: Profile | None = None,
) -> Turn:
    project = scene.market.project(deck.ids[at]) if at < len(deck.ids) else None
    if project is None:
        words = (say("projects.papers"), say("projects.human"))
        options = tuple(Option(word, word) for word in words)
        deck_of = frames.enter(state, FLOW, END, **_data(deck), at=len(deck.ids) - 1)
        return Turn((Reply(say("projects.end"), options),), deck_of)
    known = living(scene.profiles)
    person = person or (known[0] if len(known) == 1 else None)
    match = match_of(project, person, scene)
    is_own = deck.basis != SAME.value
    texts = (
        cards.card(
            match,
            place_of(project, scene),
            is_demo=project.id in scene.market.demo,
            is_personal=is_own and bool(match.reasons),
        )
        if is_own
        else _same(match, project, scene)
    )
    replies = [Reply(text) for text in texts[:-1]]
    key = f"{CARD}{project.id}"
    replies.append(ask(texts[-1], named("project_card"), key=key, kind="reply", words=_words()))
    if lead and fits(f"{lead}\n{replies[0].text}"):
        replies[0] = replace(replies[0], text=f"{lead}\n{replies[0].text}")
    elif is_told and len(replies) == 1:
        replies.insert(0, Reply(lead))
    shown: tuple[Effect, ...] = ()
    if person is not None:
        shown = (ShowProject(person.id, int(project.id), cards.shown(match)),)
    return Turn(tuple(replies), _at(at, deck, key, state), shown)


def _same(match: Match, project: Project, scene: Scene) -> tuple[str, ...]:
    is_demo = project.id in scene.market.demo
    return cards.card(match, place_of(project, scene), is_demo=is_demo, is_personal=False)


def _words() -> tuple[str, ...]:
    return (say("projects.human"),)


def _wanted(project: Project, state: State, scene: Scene) -> Turn:
    """More of it, somebody who calls, and whether the owner may know."""
    known = living(scene.profiles)
    details = Reply(_details(project, scene), kind="answer")
    if project.id in scene.market.demo:
        return Turn((details, Reply(say("projects.demo"))), state)
    subject = say("projects.subject", number=project.id, title=project.title)
    if len(known) != 1:
        turn = human_help.offer(say("policy.offer"), subject, state, kind="answer")
        return replace(turn, replies=(details, *turn.replies))
    ticket = human_help.a_ticket(TicketKind.CALLBACK, subject, state, scene)
    person = known[0]
    said = AnswerProject(person.id, int(project.id), Answer.INTERESTED, project.category.value)
    text = f"{say('projects.noted', number=ticket.number)}\n{say('projects.ask_owner')}"
    key = f"{AGREE}{project.id}"
    reply = ask(text, named("project_owner"), key=key, kind="reply")
    after = frames.enter(state, FLOW, AGREE, project=project.id, tag=key)
    return Turn((details, reply), after, (said, OpenTicket(ticket)))


def _agreed(text: str, state: State, scene: Scene) -> Turn:
    choices, left = named("project_owner"), frames.leave(state)
    yes = "yes" in (number_of(text, choices).codes or by_word(text, choices))
    reply = Reply(say("projects.owner_yes") if yes else say("projects.owner_no"))
    known = living(scene.profiles)
    if len(known) != 1:
        return Turn((reply,), left)
    effect = AgreeToOwner(known[0].id, int(state.data["project"]), yes)
    return Turn((reply,), left, (effect,))


def _refused(project: Project, at: int, deck: Deck, state: State, scene: Scene) -> Turn:
    """Not this one; after the second of a line none of that line for half a year (H7)."""
    turn = _card(at + 1, deck, state, scene)
    known = living(scene.profiles)
    if len(known) != 1:
        return turn
    person, line = known[0], project.category
    before = [each for each, _ in scene.market.refusals.get(person.id, ()) if each == line]
    is_new = project.id not in scene.market.refused
    is_over = is_new and len(before) + 1 >= _TWICE
    text = (
        say("projects.refused_line", line=label("lines", line))
        if is_over
        else say("projects.refused")
    )
    effect = AnswerProject(person.id, int(project.id), Answer.REFUSED, line.value)
    replies = (Reply(text), *turn.replies)
    return replace(turn, replies=replies, effects=(effect, *turn.effects))


def _details(project: Project, scene: Scene, first: str = "") -> str:
    """What a card has no room for, as far as it fits one message."""
    parts = [first, scene.market.about.get(project.id, "")]
    if project.site_need != "none":
        parts.append(say("projects.need_site", site=label("sites", project.site_need)))
    if project.skills_required:
        skills = listed("skills", project.skills_required)
        parts.append(say("projects.need_skills", skills=skills))
    if project.certificates_required:
        kinds = "、".join(sorted(one.kind for one in project.certificates_required))
        parts.append(say("projects.need_papers", papers=kinds))
    if project.training_available:
        parts.append(say("projects.with_training"))
    if project.offers:
        offers = listed("supports", project.offers)
        parts.append(say("projects.offers", offers=offers))
    if project.payback_months:
        months = "–".join(str(each) for each in dict.fromkeys(project.payback_months))
        parts.append(say("projects.payback", months=months))
    if project.failure_case:
        parts.append(say("projects.failure", failure=project.failure_case))
    title = cards.title(project, is_demo=project.id in scene.market.demo)
    return _as_fits(parts, title)


def _as_fits(parts: list[str], title: str) -> str:
    text = f"【{title}】"
    for part in parts:
        ended = part if not part or part.endswith("。") else f"{part}。"
        text = text + ended if fits(text + ended) else text
    return text
