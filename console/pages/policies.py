"""The entries: the list, one with its versions, and the two steps to the people."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from urllib.parse import urlencode

from aiohttp import web
from markupsafe import Markup, escape
from pydantic import Field

from console.desk import Desk, NotHere, Refused
from console.forms import Form, blank, filled
from console.page import Page, Waiting
from console.pages import policy_editing as editing
from console.pages import policy_shelf as shelf
from console.pages.policy_shelf import Line, Place
from knowledge.editing import Faulty
from knowledge.exchange import lines
from knowledge.exchange.columns import Column
from knowledge.exchange.labels import TOPICS as FIELDS
from knowledge.exchange.values import Papers
from knowledge.expiry import due
from knowledge.previewing import Preview, Said, asked, told
from knowledge.shelf import Library
from outreach.calendars import CHINA
from records import policies, scope
from records.database import Session
from records.edit_refusals import EditRefused, NoSuchVersion
from records.policies import STAGE_WORDS, PageVersion, Stage
from records.policies import WAITING as IS_WAITING
from records.rights import Right
from records.staff_accounts import Staff

_PAGE = 50
_FIRST, _LAST = ("title", "answer", "detail", "figures", "rules", "conditions"), "asked_as"
_TABS = {
    "": "在用的",
    "draft": "等人审",
    "reviewed": "等上线",
    "due": "快到期、要复核",
    "withdrawn": "撤下的",
}
TONES = {
    Stage.DRAFT: "warn",
    Stage.REVIEWED: "info",
    Stage.LIVE: "good",
    Stage.REPLACED: "plain",
    Stage.WITHDRAWN: "bad",
    Stage.DROPPED: "plain",
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


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an entry in two versions."""

    heading: str
    before: Markup
    after: Markup


class _Withdraw(Form):
    note: str = Field(max_length=200)
    with_referring: str = ""
    seen: str


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
        "": _served(known, front),
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


def _served(known: Library, front: Mapping[str, Line]) -> list[Row]:
    rows = []
    for pack in known.packs.values():
        for entry in pack.entries:
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
    return sorted(rows, key=lambda row: row.entry)


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
        STAGE_WORDS[Stage(line.stage)] + ("，要撤下" if line.withdraws else ""),
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


async def entry(desk: Desk) -> web.StreamResponse:
    """One entry: how it is said, its fields, its versions."""
    place = await shelf.place_of_entry(desk, desk.path("entry"))
    answerer = await desk.means.answerer()
    known = answerer.library
    versions = await desk.read(policies.versions, place.path)
    if not shelf.may_edit(desk, place.pack):
        versions = [row for row in versions if row.live_at or row.stage == Stage.WITHDRAWN]
    if place.text is None and not versions:
        raise NotHere
    papers = await asyncio.to_thread(shelf.papers_of, place)
    count, referring = await shelf.listeners(desk, place, known)
    text = place.text if place.text is not None else versions[0].text
    return desk.render(
        "policies/entry.html",
        place=place,
        facts=_facts(text, papers),
        title=shelf.data_of(text).get("title") or place.entry,
        bot_says=await asyncio.to_thread(told, answerer, place.entry, desk.now),
        document=known.document(place.pack.code, str(shelf.data_of(text).get("source", ""))),
        versions=[(row, Stage(row.stage)) for row in versions],
        tones=TONES,
        changes=_between(versions, place.shipped, papers),
        is_theirs=shelf.may_edit(desk, place.pack),
        is_served=place.entry in known.entries,
        has_moved=_has_moved(versions, place),
        count=count,
        referring=referring,
        f=blank(),
    )


def _has_moved(versions: Sequence[PageVersion], place: Place) -> bool:
    """Whether the program has brought other words since the page in service was written."""
    front = next((row for row in versions if row.stage in policies.FRONT), None)
    now = policies.fingerprint(place.shipped) if place.shipped is not None else ""
    return front is not None and front.base != now


def _facts(text: str, papers: Papers) -> list[tuple[str, list[str]]]:
    """The fields that are filled in, each with its lines; the wordings come last."""
    data = shelf.data_of(text)
    shown = {c.key: (c.heading, _said_lines(c, data.get(c.key))) for c in editing.FIELDS}
    source = papers.labels.get(str(data.get("source", "")), "")
    shown["source"] = ("依据文件", [source] if source else [])
    figures, rules = data.get("figures"), data.get("rules")
    known = figures if isinstance(figures, dict) else {}
    rows = lines.figure_lines(known, papers.figures).splitlines()
    shown["figures"] = ("数字", [" ".join(row.split(lines.BAR)) for row in rows])
    who = [editing.rule_words(r, known) for r in rules] if isinstance(rules, list) else []
    shown["rules"] = ("谁符合", who)
    order = dict.fromkeys([*_FIRST, *shown])
    return [shown[key] for key in order if key != _LAST and shown[key][1]] + [
        shown[key] for key in (_LAST,) if shown[key][1]
    ]


def _said_lines(column: Column, value: object) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    if isinstance(value, dict):
        return [f"{name}：{why}" for name, why in value.items()]
    text = str(value or "")
    return [column.labels.get(text, text)] if column.labels and text else text.splitlines()


def _between(
    versions: Sequence[PageVersion], shipped: str | None, papers: Papers
) -> dict[int, list[Change]]:
    """What each version says otherwise than the one that was in front before it."""
    texts = {row.number: row.text for row in versions}
    found = {}
    for row in versions:
        before = texts.get(row.follows, shipped or "")
        found[row.id or 0] = changes(before, row.text, papers)
    return found


def changes(before: str, after: str, papers: Papers) -> list[Change]:
    """The fields that differ, what went and what came marked."""
    old, new = dict(_facts(before, papers)), dict(_facts(after, papers))
    headings = [h for h in dict.fromkeys([*old, *new]) if old.get(h) != new.get(h)]
    return [
        Change(h, *_marked("\n".join(old.get(h, [])), "\n".join(new.get(h, [])))) for h in headings
    ]


def _marked(old: str, new: str) -> tuple[Markup, Markup]:
    before, after = Markup(), Markup()
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        is_same = tag == "equal"
        gone, came = escape(old[i:j]), escape(new[k:m])
        before += gone if is_same or not gone else Markup("<del>") + gone + Markup("</del>")
        after += came if is_same or not came else Markup("<ins>") + came + Markup("</ins>")
    return before, after


async def version(desk: Desk) -> web.StreamResponse:
    """A version on its way: its differences, its faults, how it will be said."""
    return await _version(desk)


async def _version(
    desk: Desk, status: int = 200, faults: Sequence[str] = ()
) -> web.StreamResponse:
    row, place = await version_of(desk, desk.number("number"))
    known = await shelf.library(desk)
    papers = await asyncio.to_thread(shelf.papers_of, place)
    text = None if row.withdraws else row.text
    is_waiting = row.stage in IS_WAITING
    preview = await asyncio.to_thread(Preview, place.served.pages, place.path, text)
    count, _ = await shelf.listeners(desk, place, known) if place.is_entry else (0, ())
    question = desk.query.get("q", "").strip()[:200]
    area = desk.query.get("area", place.pack.code)
    return desk.render(
        "policies/version.html",
        status,
        row=row,
        stage=Stage(row.stage),
        tones=TONES,
        place=place,
        title=shelf.data_of(row.text).get("title") or row.path,
        faults=faults or (await found_faults(desk, place, text) if is_waiting else ()),
        bot_says=await asyncio.to_thread(preview.told, desk.now),
        changes=changes(place.text or "", row.text, papers) if place.is_entry else (),
        raw=None if place.is_entry else row.text,
        is_waiting=is_waiting,
        is_theirs=shelf.may_edit(desk, place.pack),
        is_own=row.author.strip().casefold() == desk.staff.name.strip().casefold(),
        is_late=is_waiting and await desk.read(is_behind, row.id, place.shipped),
        count=count,
        f=blank({"q": question, "area": area}),
        areas=[(code, pack.place.area.short) for code, pack in known.packs.items()],
        both=await ask(desk, preview, question, area) if question else None,
    )


def is_behind(session: Session, number: int, shipped: str | None) -> bool:
    """Whether other words have been served since a version was written."""
    row = policies.version(session, number)
    front = policies.front_of(session, row.path)
    base = policies.fingerprint(shipped) if shipped is not None else ""
    ended = front.ended_at if front else None
    has_moved = (front.number if front else 0) != row.follows
    return has_moved or row.base != base or bool(ended and ended > row.made_at)


async def ask(desk: Desk, preview: Preview, question: str, area: str) -> tuple[Said, Said]:
    """What the bot answers today, and with the page in place."""
    answerer = await desk.means.answerer()
    today = await asyncio.to_thread(asked, answerer, question, area, desk.now)
    then = await asyncio.to_thread(preview.asked, question, area, desk.now)
    return today, then


async def version_of(desk: Desk, number: int) -> tuple[PageVersion, Place]:
    """A version of a page of our areas; what is not public yet only for who may change it."""
    try:
        row = await desk.read(policies.version, number)
    except NoSuchVersion as fault:
        raise NotHere from fault
    place = await shelf.place_of(desk, row.path)
    if row.live_at is None and row.stage != Stage.WITHDRAWN:
        shelf.need_edit(desk, place.pack)
    return row, place


async def found_faults(desk: Desk, place: Place, text: str | None) -> list[str]:
    """What stands in the way of a version, in the words of the form."""
    faults = await asyncio.to_thread(
        shelf.editor(desk).faults_of, {place.path: text}, place.served.pages
    )
    return [_told_fault(fault.file, place, editing.spoken(fault)) for fault in faults]


def _told_fault(file: str, place: Place, said: str) -> str:
    return said if file == place.path else f"{shelf.id_of(file)}：{said}"


async def review(desk: Desk) -> web.StreamResponse:
    """Agree to a colleague's draft."""
    return await _step(desk, [desk.number("number")], "review")


async def release(desk: Desk) -> web.StreamResponse:
    """Serve it from the next message on."""
    return await _step(desk, [desk.number("number")], "release")


async def together(desk: Desk) -> web.StreamResponse:
    """Several that only fit together: reviewed, or released, at once."""
    act = desk.form.get("act", "")
    numbers = [int(one) for one in desk.lists.get("id", []) if one.isascii() and one.isdigit()]
    if act not in ("review", "release") or not numbers:
        raise Refused("请先勾选要一起办的几条。")
    return await _step(desk, numbers, act)


async def _step(desk: Desk, numbers: Sequence[int], act: str) -> web.StreamResponse:
    for number in numbers:
        _, place = await version_of(desk, number)
        shelf.need_edit(desk, place.pack)
    try:
        if act == "review":
            await shelf.editor(desk).review(*numbers, reviewer=desk.staff.name)
            said = "审过了。再按“上线”，机器人才会这样说。"
        else:
            await shelf.editor(desk).release(*numbers, by=desk.staff.name)
            said = "上线了，从下一条消息起就按它回答。"
    except Faulty as fault:
        return await _stopped(desk, numbers, [editing.spoken(each) for each in fault.faults])
    except EditRefused as fault:
        return await _stopped(desk, numbers, [str(fault)])
    return desk.go(f"/policies/versions/{numbers[0]}", said)


async def _stopped(
    desk: Desk, numbers: Sequence[int], faults: Sequence[str]
) -> web.StreamResponse:
    if len(numbers) == 1 and "number" in desk.request.match_info:
        return await _version(desk, 409, faults)
    raise Refused("没有办：" + "；".join(faults))


async def drop(desk: Desk) -> web.StreamResponse:
    """Nobody takes a draft further."""
    row, place = await version_of(desk, desk.number("number"))
    shelf.need_edit(desk, place.pack)
    try:
        await shelf.editor(desk).drop(row.id or 0, by=desk.staff.name)
    except EditRefused as fault:
        return await _version(desk, 409, [str(fault)])
    return desk.go("/policies?tab=draft", "放弃了，内容还在版本里看得到。")


async def withdraw(desk: Desk) -> web.StreamResponse:
    """Serve it no more, at once; those who were told it are offered the correction."""
    place = await shelf.place_of_entry(desk, desk.path("entry"))
    shelf.need_edit(desk, place.pack)
    f = filled(_Withdraw, desk.form)
    if f.value is None:
        raise Refused("请写为什么撤下（200 个字以内）。")
    if f.value.seen != place.mark:
        raise Refused("这一条刚刚被同事改过，请返回刷新，看了新的再定。")
    try:
        rows = await shelf.editor(desk).withdraw(
            place.path,
            by=desk.staff.name,
            note=f.value.note,
            with_referring=bool(f.value.with_referring),
        )
    except EditRefused as fault:
        raise Refused(str(fault).split("：guiyan")[0]) from fault
    return desk.go(
        f"/policies/{place.entry}", f"撤下了 {len(rows)} 条，从下一条消息起不再这样答。"
    )


def _drafts(session: Session, staff: Staff, _now: datetime) -> int:
    """What colleagues have drafted, and what this one may review."""
    return sum(one.author != staff.name for one in _of_area(session, staff, Stage.DRAFT))


def _reviewed(session: Session, staff: Staff, _now: datetime) -> int:
    return len(_of_area(session, staff, Stage.REVIEWED))


def _of_area(session: Session, staff: Staff, stage: Stage) -> list[Line]:
    codes = shelf.codes()
    return [
        one
        for one in shelf.lines(session, (stage,))
        if scope.is_within(codes.get(one.path.split("/")[0], "-"), staff.area)
    ]


PAGES = (
    Page("GET", "/policies", entries, Right.SEE_POLICIES, menu="policies"),
    Page("GET", "/policies/{entry}", entry, Right.SEE_POLICIES),
    Page("POST", "/policies/{entry}/withdraw", withdraw, Right.POLICIES),
    Page("POST", "/policies/together", together, Right.POLICIES),
    Page("GET", "/policies/versions/{number}", version, Right.SEE_POLICIES),
    Page("POST", "/policies/versions/{number}/review", review, Right.POLICIES),
    Page("POST", "/policies/versions/{number}/release", release, Right.POLICIES),
    Page("POST", "/policies/versions/{number}/drop", drop, Right.POLICIES),
)
WAITING = (
    Waiting("同事写的政策等您审", "/policies?tab=draft", Right.POLICIES, _drafts),
    Waiting("审过的政策等上线", "/policies?tab=reviewed", Right.POLICIES, _reviewed),
)
