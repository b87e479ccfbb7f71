"""项目 and 培训 on the menu: what the papers of somebody's home say of them, to choose from."""

from __future__ import annotations

from handlers import frames, human_help
from handlers.choices import Choice, named
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.policy_answer import AREA, FLOW, choosing, home_of
from handlers.prompts import ask
from handlers.texts import say
from knowledge.areas import Area
from knowledge.entry import SILENT, Entry, Kind

SERVICES = frozenset({Command.PROJECTS, Command.TRAINING})
_MOST = 4  # options, so that a human and the way back still fit
_SLOTS = (
    "内容",
    "流程",
    "期限",
    "额度",
)  # what it is, how one gets at it, how long, at what price


def shown(service: Command, state: State, scene: Scene, *, may_call: bool = True) -> Turn:
    """What there is for the person's home; where the papers name nothing, that and a call."""
    subject = next(c.label for c in named("menu") if c.code == service.value)
    home = scene.places.area(home_of(state, scene))
    if home is None:
        reply = ask(say("policy.which_area"), key=AREA, kind="reply")
        return Turn((reply,), frames.enter(state, FLOW, AREA, question=subject))
    entries = _entries(service, home, scene)
    if not entries:
        text = _nothing(service, home, scene)
        if not may_call:
            return Turn((Reply(text, kind="answer"),), state)
        return human_help.offer(f"{text}\n{say('policy.offer')}", subject, state, kind="answer")
    return _offered(service, entries, home, state)


def _offered(service: Command, entries: list[Entry], home: Area, state: State) -> Turn:
    text = say("services.training", area=home.short)
    if service is Command.PROJECTS:
        text = say("services.projects", area=home.short)
    listed = tuple(Choice(entry.title, entry.title) for entry in entries)
    return choosing(text, listed, state, words=(say("option.human"),))


def _entries(service: Command, home: Area, scene: Scene) -> list[Entry]:
    """One entry for each matter first, those of the person's own county before the city's."""
    library = scene.answerer.library
    pack = library.packs.get(library.areas.pack_for(home.code) or "")
    today = scene.now.date()
    told = [e for e in (pack.entries if pack else ()) if _tells(e, service) and e.is_served(today)]
    near = library.areas.lineage(home.code)
    named = {e.id: {area.code for area in library.areas.find(e.title)} for e in told}
    told = [e for e in told if named[e.id] <= set(near)]
    told.sort(key=lambda e: (home.code not in named[e.id], _SLOTS.index(e.slot)))
    first = {e.matter: e.id for e in reversed(told)}
    return sorted(told, key=lambda e: first[e.matter] != e.id)[:_MOST]


def _tells(entry: Entry, service: Command) -> bool:
    """Whether an entry says what a service offers, not who is to blame or how many are planned."""
    if entry.status in SILENT or entry.slot not in _SLOTS:
        return False
    if service is Command.TRAINING:
        return entry.kind is Kind.COURSE
    return entry.topic == "项目"


def _nothing(service: Command, home: Area, scene: Scene) -> str:
    if scene.answerer.library.areas.pack_for(home.code) is None:
        return say("services.no_papers", area=home.short)
    if service is Command.PROJECTS:
        return say("services.no_projects", area=home.short)
    return say("services.no_training", area=home.short)
