"""Kits as they are kept in files, and a draft begun from one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from outreach.campaigns import drafting, schedule
from outreach.campaigns.drafting import Against, New, Split, Wording
from outreach.campaigns.looking import House
from outreach.campaigns.refusing import CampaignRefused
from records.database import Session

_SEASON = timedelta(days=60)  # waves further off than this belong to the next year


@dataclass(frozen=True, slots=True)
class Script:
    """A text for loudspeakers, and how long reading it may take."""

    seconds: int
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its head, its lines, perhaps a last line."""

    head: str
    lines: tuple[str, ...]
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Stall:
    """When a stall is open, in which shifts, and what its roster asks."""

    first: str
    last: str
    shifts: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kit:
    """What a campaign of a kind begins with; what is printed has {county} and the like."""

    name: str
    goal: str
    topic: str
    audience: str
    waves: tuple[str, ...]
    holdout: int
    second: int
    chat: Mapping[str, str]
    scripts: tuple[Script, ...] = ()
    poster: Sheet | None = None
    leaflet: Sheet | None = None
    outline: Sheet | None = None
    stall: Stall | None = field(default=None)


@cache
def kits() -> tuple[Kit, ...]:
    """All of them, by name."""
    found = [one for one in files(__package__).iterdir() if one.name.endswith(".toml")]
    read = (_kit(tomllib.loads(one.read_text("utf-8"))) for one in found)
    return tuple(sorted(read, key=lambda kit: kit.name))


def kit(name: str) -> Kit:
    """The kit of this name; CampaignRefused where there is none."""
    found = next((one for one in kits() if one.name == name), None)
    if found is None:
        known = "、".join(one.name for one in kits())
        raise CampaignRefused(f"没有叫“{name}”的方案，有：{known}。")
    return found


def begin(
    session: Session, house: House, new: New, against: Against, by: str, now: datetime
) -> tuple[int, list[str]]:
    """A draft with the texts, the audience and the waves of a kit; what could not be taken."""
    chosen = kit(new.kit)
    goal = new.goal or chosen.goal
    begun = New(new.title, new.area, new.town, goal, new.kind, chosen.topic, chosen.name)
    number = drafting.new(session, begun, by, now)
    for variant, text in sorted(chosen.chat.items()):
        drafting.write(session, number, Wording(text, variant), against, by, now)
    area = house.office.places.area(new.area)
    aim = chosen.audience.format(county=area.name if area else new.area)
    drafting.aim(session, house.office, number, aim, by, now)
    drafting.split(session, number, Split(chosen.holdout, chosen.second), by, now)
    waves, notes = season(chosen.waves, now)
    if not waves:
        return number, [*notes, f'还没写什么时候发：guiyan campaign waves {number} "…"。']
    drafting.plan(session, number, waves, "", by, now)
    return number, notes


def season(said: Sequence[str], now: datetime) -> tuple[list[str], list[str]]:
    """Those of the waves that are still to come this season, and a line for each other one.

    A lunar day has no year: one that has just passed would be next year's.
    """
    read, notes = [], []
    for one in said:
        try:
            read.append((schedule.read([schedule.part(one)[0]], now)[0], one))
        except CampaignRefused as refusal:
            notes.append(f"没排“{one}”：{refusal}")
    first = min((wave.at for wave, _ in read if not wave.own), default=now)
    kept = [(wave, one) for wave, one in read if wave.own or wave.at - first <= _SEASON]
    gone = [one for one in read if one not in kept]
    notes += [f"“{one}”今年已经过了，没排。" for _, one in gone]
    if len(kept) == len(said):
        return list(said), notes
    return [wave.said for wave, _ in kept], notes


def _kit(told: dict[str, Any]) -> Kit:
    stall = told.get("stall")
    return Kit(
        name=told["name"],
        goal=told["goal"],
        topic=told["topic"],
        audience=told["audience"],
        waves=tuple(told["waves"]),
        holdout=told["holdout"],
        second=told["second"],
        chat=told["chat"],
        scripts=tuple(Script(one["seconds"], one["text"]) for one in told.get("scripts", ())),
        poster=_sheet(told.get("poster")),
        leaflet=_sheet(told.get("leaflet")),
        outline=_sheet(told.get("outline")),
        stall=_stall(stall) if stall else None,
    )


def _sheet(told: dict[str, Any] | None) -> Sheet | None:
    return Sheet(told["head"], tuple(told["lines"]), told.get("foot", "")) if told else None


def _stall(told: dict[str, Any]) -> Stall:
    return Stall(told["from"], told["to"], tuple(told["shifts"]), tuple(told["columns"]))
