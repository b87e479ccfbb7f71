"""Which office a request is for: its subject by the words, its level by a table (S1-30)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from records.database import Session
from records.scope import Spot, is_local, may_see, spots
from records.staff_accounts import Staff, StaffRole
from records.tickets import Level, TicketKind

OTHER, HOME = "other", "home"
# These are the county's whatever they are about: rights, danger, fraud, whoever failed.
_COUNTYS = frozenset(
    {
        TicketKind.COMPLAINT,
        TicketKind.CLOSED_BUSINESS,
        TicketKind.SCAM,
        TicketKind.DANGER,
        TicketKind.IDENTITY,
        TicketKind.APPLICATION,
    }
)
_LEVELS = {
    **dict.fromkeys(("村", "村里", "村级", "到村"), Level.VILLAGE),
    **dict.fromkeys(("镇", "镇里", "镇级", "乡", "乡镇", "街道", "到镇"), Level.TOWN),
    **dict.fromkeys(("县", "县里", "县级", "区", "区里", "市", "到县"), Level.COUNTY),
}
_SPOKEN = {Level.VILLAGE: "村里", Level.TOWN: "镇里", Level.COUNTY: "县里"}


@dataclass(frozen=True, slots=True)
class Matter:
    """A subject: what staff call it, who serves it."""

    code: str
    names: tuple[str, ...]
    level: Level
    office: str
    words: re.Pattern[str] | None

    @property
    def name(self) -> str:
        return self.names[0]


@cache
def matters() -> dict[str, Matter]:
    """The table, in the order in which it is searched."""
    text = files("outreach.tables").joinpath("matters.toml").read_text("utf-8")
    return {code: _matter(code, row) for code, row in tomllib.loads(text).items()}


def matter_of(code: str) -> Matter:
    """The subject of a ticket; that of an older one, which has none, is the last."""
    return matters().get(code) or matters()[OTHER]


def matter_called(word: str) -> Matter | None:
    """The subject that staff mean."""
    return next((one for one in matters().values() if word in one.names), None)


def level_called(word: str) -> Level | None:
    """The level that staff mean."""
    return _LEVELS.get(word)


def spoken(level: Level) -> str:
    """A level as people say it: 镇里."""
    return _SPOKEN[level]


def guess(kind: TicketKind, said: Iterable[str]) -> Matter:
    """The subject of what was said; the first of the texts that speaks of any decides."""
    if kind is TicketKind.HOME:
        return matters()[HOME]
    found = (one for text in said if (one := _named_in(text)))
    return next(found, matters()[OTHER])


def wanted(kind: TicketKind, matter: Matter) -> Level:
    """The level that serves such a request."""
    return Level.COUNTY if kind in _COUNTYS else matter.level


def home_of(session: Session, person_id: str, area: str) -> Spot:
    """Where somebody who asks is at home; of a stranger the area that they asked for."""
    return (spots(session, [person_id]) if person_id else {}).get(person_id, Spot(area))


def landing(staff: Iterable[Staff], level: Level, spot: Spot) -> Level:
    """The level at which somebody is there to serve it: this one, or the next above."""
    everybody = list(staff)
    while level is not Level.COUNTY and not any(
        one.accounts and serves(one, level, spot) for one in everybody
    ):
        level = level.above
    return level


def serves(staff: Staff, level: Level, spot: Spot) -> bool:
    """Whether somebody is who serves a level for people of this home."""
    if level is Level.COUNTY:
        return staff.sees_requests and not is_local(staff.area) and may_see(staff.area, spot)
    if level is Level.TOWN:
        return staff.role.sees_requests and bool(spot.town) and staff.area == spot.town
    is_role = staff.role.sees_requests or staff.role is StaffRole.CADRE
    return is_role and bool(spot.village) and staff.area == spot.village


def backs_up(staff: Staff, level: Level, spot: Spot) -> bool:
    """Whether somebody stands in for who serves a level: the one above; for a county its town."""
    return serves(staff, Level.TOWN if level is Level.COUNTY else level.above, spot)


def own_level(staff: Staff, spot: Spot) -> Level:
    """The level at which somebody works, for people of this home."""
    if not is_local(staff.area):
        return Level.COUNTY
    return Level.VILLAGE if staff.area == spot.village else Level.TOWN


def _named_in(text: str) -> Matter | None:
    found = (one for one in matters().values() if one.words and one.words.search(text))
    return next(found, None)


def _matter(code: str, row: dict[str, object]) -> Matter:
    names, words = row["names"], row["words"]
    assert isinstance(names, list)
    assert isinstance(words, list)
    pattern = re.compile("|".join(words)) if words else None
    return Matter(code, tuple(names), Level(str(row["level"])), str(row["office"]), pattern)
