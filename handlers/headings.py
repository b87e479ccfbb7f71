"""The eight headings of policies (domain S0-06): one is said, its entries are chosen from."""

from __future__ import annotations

from handlers import frames, hearing, human_help
from handlers.choices import Choice
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.policy_answer import AREA, FLOW, choosing, home_of
from handlers.prompts import ask
from handlers.texts import say
from knowledge.entry import SILENT, TALK, Entry
from knowledge.exchange.labels import EIGHT
from records.messages import Option

_MOST = 6  # options, so that a human and the way back still fit


def menu() -> Reply:
    """What one may ask: in one's own words, or one of the eight."""
    return Reply(say("policy.ask"), tuple(Option(topic, topic) for topic in EIGHT))


def shown(text: str, state: State, scene: Scene) -> Turn | None:
    """What the papers of somebody's home have under a heading; None where it is none."""
    topic = hearing.core(text)
    if topic not in EIGHT:
        return None
    home = scene.places.area(home_of(state, scene))
    if home is None:
        reply = ask(say("policy.which_area"), key=AREA, kind="reply")
        return Turn((reply,), frames.enter(state, FLOW, AREA, question=topic))
    entries = _entries(topic, home.code, scene)
    if not entries:
        told = say("headings.nothing", area=home.short, topic=topic)
        return human_help.offer(f"{told}\n{say('policy.offer')}", topic, state, kind="answer")
    listed = tuple(Choice(entry.title, entry.title) for entry in entries)
    text = say("headings.listed", area=home.short, topic=topic)
    return choosing(text, listed, state, words=(say("option.human"),))


def _entries(topic: str, area: str, scene: Scene) -> list[Entry]:
    """One for each matter first, and then others, as far as there is room."""
    library, today = scene.answerer.library, scene.now.date()
    pack = library.packs.get(library.areas.pack_for(area) or "")
    told = [
        entry
        for entry in (pack.entries if pack else ())
        if entry.topic == topic and entry.status not in SILENT and entry.kind not in TALK
    ]
    served = [entry for entry in told if entry.is_served(today)]
    first = {entry.matter: entry.id for entry in reversed(served)}
    return sorted(served, key=lambda entry: first[entry.matter] != entry.id)[:_MOST]
