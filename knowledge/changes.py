"""What of an entry people act on, so that whoever was told it is told when it is no longer so."""

import hashlib
from datetime import datetime

from knowledge.candidates import candidate_of
from knowledge.entry import SILENT, TALK, Entry
from knowledge.reply import Answer
from knowledge.shelf import Library
from knowledge.telling import Teller
from knowledge.text import letters, normalise
from knowledge.understand import FORMS, Frame


def substance(entry: Entry) -> str:
    """A short mark, another one as soon as figures, words, conditions or status are others."""
    figures = sorted((name, f.value, f.unit, f.bound) for name, f in entry.figures.items())
    said = (
        entry.spoken(entry.answer),
        *entry.conditions,
        *entry.materials,
        entry.where,
        entry.agency,
        entry.phone,
    )
    held = (entry.status.value, figures, [letters(normalise(text)) for text in said])
    return hashlib.sha256(repr(held).encode()).hexdigest()[:16]


def mark(entry: Entry) -> str:
    """A short mark, another one as soon as anything of the entry is another."""
    return hashlib.sha256(repr(entry).encode()).hexdigest()[:16]


def shown(library: Library, entry: Entry, now: datetime) -> Answer:
    """The answer that an entry gives, asked in whatever words."""
    teller, candidate = Teller(library), candidate_of(entry, library.wording)
    if entry.kind in TALK:
        return teller.talk(entry, 1.0).answer()
    if entry.status in SILENT:
        return teller.silent(candidate, "", 1.0).answer()
    frame = Frame(who=candidate.who & FORMS, places=candidate.places)
    return teller.stated((candidate,), 1.0, now, frame=frame).answer()
