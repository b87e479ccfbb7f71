"""What editors do with gaps, in the chat's words or on a page: read, close, join; with a trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from knowledge.answer import Answerer
from knowledge.candidates import Candidate
from knowledge.quoting import one_line, parted, unmasked
from knowledge.shelf import Library
from records import audit, gaps
from records.database import Session
from records.gaps import Closing, Gap, Wording

REASONS = {"unanswered": "没答上", "doubtful": "没把握", "useless": "说没用"}
STATES = {"open": "待办", "answered": "已答", "dismissed": "不办"}
_NEAREST = 5  # entries shown beside a gap


def with_wordings(session: Session, number: int) -> tuple[Gap, list[Wording]]:
    """A gap and how it was asked; NoSuchGap where there is none."""
    gap = gaps.get(session, number)
    return gap, gaps.wordings(session, [number])[number]


def close(session: Session, number: int, closing: Closing) -> None:
    """An open gap is answered or dismissed; NoSuchGap where it is open no more."""
    gaps.close(session, number, closing)
    note(session, f"{closing.state.value}_gap", number, closing.by, closing.at)


def note(session: Session, act: str, number: int, by: str, at: datetime) -> None:
    """Put into the trail what an editor did with a gap."""
    audit.write(session, act, at=at, actor=audit.actor_of(by), subject=f"gap:{number}")


def question(text: str, library: Library) -> str:
    """As it was asked; what it went on with stands behind it."""
    matter, asked = parted(text, {entry.matter for entry in library.entries.values()})
    shown = one_line(unmasked(asked)) or "（只有个人信息）"
    return f"{shown}（接着“{matter}”问的）" if matter else shown


def place(code: str, library: Library) -> str:
    """The area of a gap, as people call it."""
    pack = library.packs.get(code)
    area = pack.place.area if pack else library.areas.resolve(code) if code else None
    return area.short if area else "没说是哪里"


def nearest(gap: Gap, answerer: Answerer, now: datetime) -> Sequence[Candidate]:
    """The entries that come nearest to its question."""
    reading = answerer.reading(gap.text, area=gap.area or None, now=now)
    return [ranked.candidate for ranked in reading.ranked[:_NEAREST]]
