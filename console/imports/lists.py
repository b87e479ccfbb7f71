"""Which lists may be brought in by whom, and the rows of them that are theirs to bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from knowledge.areas import Area, Gazetteer
from knowledge.villages import Level
from records import rights, scope
from records.database import Session
from records.rights import Right
from records.scope import Spot
from records.staff_accounts import Staff
from registry import villages
from registry.entities_kind import ListedBusiness
from registry.kinds import KINDS
from registry.lists import Fault, Kind, Reader, Refused, Terms
from registry.offers import Owned
from registry.people_rows import Listed

_NOT_OURS = "不是您负责的村镇，请交给那边的同事"


@dataclass(frozen=True, slots=True)
class List:
    """A kind of list: what it is called, which right it needs, whether towns bring it too."""

    title: str
    right: Right
    is_local: bool = False


LISTS = {
    "people": List("人员", Right.ENTER, True),
    "entities": List("经营主体", Right.ENTER, True),
    "projects": List("项目", Right.PROJECTS, True),
    "sites": List("园区和空置场地", Right.PROJECTS),
    "courses": List("培训班", Right.COURSES),
    "stations": List("服务站", Right.STATIONS),
    "groups": List("群", Right.GROUPS),
    "places": List("村和社区", Right.IMPORT),
}


def offered(staff: Staff) -> dict[str, List]:
    """The lists that somebody may bring."""
    is_local = scope.is_local(staff.area)
    return {
        name: one
        for name, one in LISTS.items()
        if rights.may(staff, Right.IMPORT)
        and rights.may(staff, one.right)
        and (one.is_local or not is_local)
    }


def county_of(session: Session, staff: Staff, gazetteer: Gazetteer) -> Area | None:
    """Where everybody on their lists must be from; None for who looks after everything."""
    code = staff.area
    here = villages.of_ids(session, [code])
    while (place := here.place(code)) is not None:
        code = place.parent
        if place.level is Level.TOWN:
            break
    return gazetteer.area(code) if code else None


def kind_for(name: str, staff: Staff) -> Kind:
    """The kind, its rows refused that are outside the town of who brings them."""
    kind = KINDS[name]
    if not scope.is_local(staff.area):
        return kind
    return replace(kind, reader=_guarded(kind.reader, staff.area))


def _guarded(reader: Callable[[Terms], Reader], area: str) -> Callable[[Terms], Reader]:
    def of(terms: Terms) -> Reader:
        read = reader(terms)

        def guarded(line: Any) -> Any:
            value = read(line)
            if isinstance(value, Refused) or any(scope.may_see(area, s) for s in _spots(value)):
                return value
            return Refused((Fault("", _NOT_OURS),))

        return guarded

    return of


def _spots(value: Any) -> list[Spot]:
    """Where a row is of; of lists that towns bring."""
    if isinstance(value, Listed):
        return [Spot(value.area, value.town, value.village)]
    if isinstance(value, ListedBusiness):
        return [Spot(value.business.area, value.business.town, value.business.village)]
    if isinstance(value, Owned):
        return [Spot(value.offer.county, town) for town in value.offer.towns]
    return []
