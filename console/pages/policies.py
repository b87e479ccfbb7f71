"""The list of the entries, by how far they are on their way to the people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from aiohttp import web

from console.desk import Desk, NotHere
from console.forms import blank
from console.page import Page, Waiting
from console.pages import policy_shelf as shelf
from console.pages.policy_shelf import Line
from knowledge.areas import COMMON
from knowledge.exchange.labels import TOPICS as FIELDS
from knowledge.expiry import due
from knowledge.shelf import Library, Pack
from outreach.calendars import CHINA
from records import scope
from records.database import Session
from records.policies import STAGE_WORDS, Stage
from records.policies import WAITING as IS_WAITING
from records.rights import Right
from records.staff_accounts import Staff

_PAGE = 50
_TABS = {
    "": "在用的",
    "draft": "等人审",
    "reviewed": "等上线",
    "due": "快到期、要复核",
    "withdrawn": "撤下的",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list; `number` is a version's, 0 for what is answered from."""

    entry: str
    title: str
    folder: str
    place: str
    topic: str
    stage: str
    day: str = ""
    owner: str = ""
    number: int = 0
    author: str = ""
    is_edited: bool = False


async def entries(desk: Desk) -> web.StreamResponse:
    """The list by tab, area, topic and words."""
    known = await shelf.library(desk)
    tab = desk.query.get("tab", "")
    if tab not in _TABS:
        raise NotHere
    front, drafts, gone = await desk.read(_lines)
    own = [pack for pack in known.packs.values() if shelf.may_edit(desk, pack)]
    heads = {pack.folder for pack in own}
    waiting = [one for one in drafts if one.path.split("/")[0] in heads]
    every = {
        "": _served(known, front, desk.staff.area),
        "draft": [_drafted(one, known) for one in waiting if one.stage == Stage.DRAFT],
        "reviewed": [_drafted(one, known) for one in waiting if one.stage == Stage.REVIEWED],
        "due": _due(known, front, desk.now),
        "withdrawn": [_drafted(one, known) for one in gone],
    }
    kept = {k: v for k, v in desk.query.items() if k in ("area", "topic", "q") and v}
    found = {name: [row for row in rows if _fits(row, kept)] for name, rows in every.items()}
    page, older = _page(found[tab], desk.query.get("after", ""), {"tab": tab, **kept})
    return desk.render(
        "policies/list.html",
        f=blank(dict(desk.query)),
        tab=tab,
        at=f"/policies?{urlencode({'tab': tab, **kept})}",
        tabs=[
            (f"/policies?{urlencode({'tab': name, **kept})}", label, len(found[name]))
            for name, label in _TABS.items()
        ],
        rows=page,
        older=older,
        areas=[(pack.folder, pack.place.area.short) for pack in known.packs.values()],
        topics=[(topic, topic) for topic in FIELDS],
        own=own,
    )


def _lines(session: Session) -> tuple[dict[str, Line], list[Line], list[Line]]:
    front = shelf.in_front(session)
    gone = [one for one in front.values() if one.stage == Stage.WITHDRAWN]
    return front, shelf.lines(session, IS_WAITING), gone


def _served(known: Library, front: Mapping[str, Line], area: str = "") -> list[Row]:
    """Those of one's own area first, those that hold back what is no question for us last."""
    rows = []
    for pack in sorted(known.packs.values(), key=lambda one: (_far(one, area), one.folder)):
        for entry in sorted(pack.entries, key=lambda one: one.id):
            line = front.get(f"{pack.folder}/policies/{entry.id}.toml")
            rows.append(
                Row(
                    entry.id,
                    entry.title,
                    pack.folder,
                    pack.place.area.short,
                    entry.topic,
                    STAGE_WORDS[Stage.LIVE],
                    str(entry.valid_until or ""),
                    (line.owner if line else "") or entry.owner,
                    is_edited=line is not None,
                )
            )
    return rows


def _far(pack: Pack, area: str) -> int:
    if pack.code == COMMON:
        return 2
    return int(not (scope.is_within(area, pack.code) or scope.is_within(pack.code, area)))


def _drafted(line: Line, known: Library) -> Row:
    folder = line.path.split("/")[0]
    pack = next((one for one in known.packs.values() if one.folder == folder), None)
    entry = known.entries.get(line.entry)
    return Row(
        line.entry if "/policies/" in line.path else line.path,
        entry.title if entry else "",
        folder,
        pack.place.area.short if pack else folder,
        entry.topic if entry else "",
        line.stands,
        f"{line.made_at.astimezone(CHINA):%Y-%m-%d}",
        line.owner,
        line.id,
        line.author,
        is_edited=True,
    )


def _due(known: Library, front: Mapping[str, Line], now: datetime) -> list[Row]:
    served = {row.entry: row for row in _served(known, front)}
    found = due(known.entries.values(), now.astimezone(CHINA).date())
    words = {"ends": "到期", "review": "要复核"}
    rows: dict[str, Row] = {}
    for one in found:
        row = served[one.entry.id]
        rows.setdefault(row.entry, replace(row, day=f"{one.day} {words[one.reason]}"))
    return list(rows.values())


def _fits(row: Row, kept: Mapping[str, str]) -> bool:
    words = kept.get("q", "").strip()
    return (
        kept.get("area", row.folder) == row.folder
        and kept.get("topic", row.topic) == row.topic
        and (words in row.title or words in row.entry)
    )


def _page(rows: Sequence[Row], after: str, kept: Mapping[str, str]) -> tuple[list[Row], str]:
    """The rows behind one, and the address of those behind these."""
    names = [f"{row.entry}.{row.number}" for row in rows]
    start = names.index(after) + 1 if after in names else 0
    page = list(rows[start : start + _PAGE])
    if start + _PAGE >= len(rows):
        return page, ""
    last = {**kept, "after": names[start + _PAGE - 1]}
    return page, f"/console/policies?{urlencode(last)}"


def _drafts(session: Session, staff: Staff, _now: datetime) -> int:
    """What colleagues have drafted, and what this one may review."""
    drafts = _of_area(session, staff, Stage.DRAFT)
    return sum(one.author != staff.name and not one.sent_back for one in drafts)


def _sent_back(session: Session, staff: Staff, _now: datetime) -> int:
    """What this one has drafted and is to write otherwise."""
    drafts = _of_area(session, staff, Stage.DRAFT)
    return sum(one.author == staff.name and bool(one.sent_back) for one in drafts)


def _reviewed(session: Session, staff: Staff, _now: datetime) -> int:
    return len(_of_area(session, staff, Stage.REVIEWED))


def _of_area(session: Session, staff: Staff, stage: Stage) -> list[Line]:
    codes = shelf.codes()
    return [
        one
        for one in shelf.lines(session, (stage,))
        if scope.is_within(codes.get(one.path.split("/")[0], "-"), staff.area)
    ]


PAGES = (Page("GET", "/policies", entries, Right.SEE_POLICIES, menu="policies"),)
WAITING = (
    Waiting("同事写的政策等您审", "/policies?tab=draft", Right.POLICIES, _drafts),
    Waiting("您写的政策被退回来改", "/policies?tab=draft", Right.POLICIES, _sent_back),
    Waiting("审过的政策等上线", "/policies?tab=reviewed", Right.POLICIES, _reviewed),
)
