"""The editor: an entry as a form or as its file, a new paper; what is typed becomes a draft."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from console.desk import Desk, NotHere
from console.forms import Filled, Form, blank, wrong
from console.page import Page
from console.pages import policy_editing as editing
from console.pages import policy_shelf as shelf
from console.pages.policy_shelf import Place
from console.pages.policy_versions import ask
from knowledge.entry import Kind, Status
from knowledge.exchange.columns import Column
from knowledge.exchange.labels import ATTRIBUTES, BOUNDS, WITHDRAWN
from knowledge.exchange.values import Papers
from knowledge.pages import Fault
from knowledge.previewing import POLICIES, Preview, Said
from knowledge.skeleton import UNFILLED, asked_as, skeleton
from outreach import gap_desk
from records import policies
from records.edit_refusals import EditRefused
from records.gaps import NoSuchGap
from records.policies import PageVersion, Stage
from records.rights import Right

_LONGEST = 120_000  # characters of a file typed by hand
_NEW = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_YEAR = re.compile(r"(19|20|21)\d\d")
_MANY = {"answer": 2, "detail": 3}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the editor shows beside what was typed."""

    number: int = 0  # of the draft that is gone on with
    note: str = ""
    others: tuple[str, ...] = ()  # faults of no field
    said: Said | None = None
    question: str = ""
    area: str = ""
    asked: tuple[Said, Said] | None = None
    more: int = 0  # empty rows besides


async def form(desk: Desk) -> web.StreamResponse:
    """An entry, a draft of it, one for a gap, or a new one."""
    place, row = await meant(desk)
    papers = await asyncio.to_thread(shelf.papers_of, place)
    text = row.text if row else place.text
    if text is None:
        text = await begun(desk, place)
    typed = editing.typed_of(shelf.data_of(text), papers)
    typed |= {"owner": (row.owner if row else "") or typed["owner"]}
    faults, others = await _faults(desk, place, text) if row else ({}, ())
    shown = Shown(own_draft(desk, row), row.note if row else "", others)
    return await _form(desk, place, papers, Filled(typed, faults=faults), shown)


async def meant(desk: Desk) -> tuple[Place, PageVersion | None]:
    """The page that the address names, and the version that is gone on with."""
    query = desk.query
    row: PageVersion | None = None
    if number := query.get("version", ""):
        row = await _version(desk, number)
        place = await shelf.place_of(desk, row.path)
    elif name := query.get("entry", ""):
        place = await shelf.place_of_entry(desk, name)
        known = await desk.read(policies.versions, place.path)
        drafts = [one for one in known if one.stage == Stage.DRAFT]
        row = next((one for one in drafts if one.author == desk.staff.name), None)
        if place.text is None and not known:
            raise NotHere
        if row is None and place.text is None:
            row = known[0]  # withdrawn: its last words
    else:
        place = await _new(desk)
    shelf.need_edit(desk, place.pack)
    if not place.is_entry:
        raise NotHere
    return place, row


async def _version(desk: Desk, number: str) -> PageVersion:
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        raise NotHere
    try:
        return await desk.read(policies.version, int(number))
    except EditRefused as fault:
        raise NotHere from fault


async def _new(desk: Desk) -> Place:
    """A page that there is not yet, under a name that is free."""
    folder = desk.query.get("area", "")
    name = f"{folder}-new-{secrets.token_hex(4)}"
    return await shelf.place_of(desk, f"{folder}{POLICIES}{name}.toml")


def own_draft(desk: Desk, row: PageVersion | None) -> int:
    is_own = row is not None and row.stage == Stage.DRAFT and row.author == desk.staff.name
    return (row.id or 0) if row is not None and is_own else 0


async def begun(desk: Desk, place: Place) -> str:
    """An empty entry, or one begun with what the askers of a gap plainly said."""
    empty = {"kind": Kind.POLICY.value, "status": Status.IN_FORCE.value}
    number = desk.query.get("gap", "")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return editing.text_of(place.entry, empty)
    try:
        gap, wordings = await desk.read(gap_desk.with_wordings, int(number))
    except NoSuchGap as fault:
        raise NotHere from fault
    texts = asked_as([one.text for one in wordings] or [gap.text])
    answerer = await desk.means.answerer()
    meanings = [answerer.meaning(one, area=gap.area, now=desk.now) for one in texts]
    return skeleton(place.entry, meanings, texts).replace(UNFILLED, "")


async def _faults(
    desk: Desk, place: Place, text: str
) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """What is wrong with a page, at its fields and elsewhere."""
    found = await asyncio.to_thread(
        shelf.editor(desk).faults_of, {place.path: text}, place.served.pages
    )
    at_fields, others = editing.placed(found, place.path, text)
    return at_fields, tuple(_elsewhere(each, place) for each in others)


def _elsewhere(fault: Fault, place: Place) -> str:
    if fault.file == place.path:
        return fault.fault
    return f"{shelf.id_of(fault.file)}：{fault.fault}"


async def _form(
    desk: Desk,
    place: Place,
    papers: Papers,
    f: Filled[Form],
    shown: Shown,
    status: int = 200,
) -> web.StreamResponse:
    data, _ = editing.data_of(f.typed, papers)
    known = await shelf.library(desk)
    documents = place.pack.documents
    return desk.render(
        "policies/form.html",
        status,
        f=f,
        place=place,
        shown=shown,
        title=f.typed.get("title") or "新的一条",
        is_new=place.text is None,
        mark=f.typed.get("seen") or place.mark,
        column=editing.COLUMN,
        headings=editing.HEADINGS,
        many=_MANY,
        options=_options,
        sources=[
            (key, f"{document.title}　{document.number}　{document.date}".strip())
            for key, document in documents.items()
        ],
        figures=range(editing.rows_of(f.typed, "figure", editing.SPARE + shown.more)),
        rules=range(editing.rows_of(f.typed, "rule", editing.SPARE + shown.more)),
        bounds=list(BOUNDS.items()),
        attributes=[(k, v) for k, v in ATTRIBUTES.items() if k != "registered_on"],
        hints=[(ATTRIBUTES[k], editing.hint_of(k)) for k in ATTRIBUTES if k != "registered_on"],
        who=[editing.rule_words(rule, data["figures"]) for rule in data["rules"]],
        areas=[(code, pack.place.area.short) for code, pack in known.packs.items()],
    )


def _options(column: Column) -> Sequence[tuple[str, str]]:
    return [(key, label) for key, label in column.labels.items() if label != WITHDRAWN]


async def keep(desk: Desk) -> web.StreamResponse:
    """What the buttons of the form do: more rows, a look, or a draft."""
    place = await posted(desk)
    papers = await asyncio.to_thread(shelf.papers_of, place)
    typed = dict(desk.form)
    number = posted_number(typed)
    shown = Shown(number, typed.get("note", ""))
    act = typed.get("act", "save")
    if act == "more":
        shown = Shown(number, shown.note, more=editing.MORE)
        return await _form(desk, place, papers, blank(typed), shown)
    data, faults = editing.data_of(typed, papers)
    if faults:
        return await _form(desk, place, papers, wrong(typed, **faults), shown, 422)
    text = editing.text_of(place.entry, data)
    if act == "look":
        return await _looked(desk, place, papers, typed, text)
    if typed.get("seen") != place.mark:
        typed["seen"] = place.mark
        said = ("您打开以后，这一条被改过并上线了。您填的还在：先对照在用的，再存一次。",)
        shown = Shown(number, shown.note, said)
        return await _form(desk, place, papers, blank(typed), shown, 409)
    return await saved(desk, place, text, number, owner=typed.get("owner", ""))


async def posted(desk: Desk) -> Place:
    place = await shelf.place_of(desk, desk.form.get("path", ""))
    shelf.need_edit(desk, place.pack)
    name = place.entry
    if not (place.is_entry and name.startswith(f"{place.pack.folder}-") and _NEW.fullmatch(name)):
        raise NotHere
    return place


def posted_number(typed: Mapping[str, str]) -> int:
    number = typed.get("number", "0")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0


async def _looked(
    desk: Desk, place: Place, papers: Papers, typed: dict[str, str], text: str
) -> web.StreamResponse:
    """How the bot would say it, and answer a question, with what is typed in place."""
    preview = await asyncio.to_thread(Preview, place.served.pages, place.path, text)
    question, area = typed.get("question", "")[:200], typed.get("area", place.pack.code)
    faults, others = await _faults(desk, place, text)
    shown = Shown(
        posted_number(typed),
        typed.get("note", ""),
        others,
        await asyncio.to_thread(preview.told, desk.now),
        question,
        area,
        await ask(desk, preview, question, area) if question.strip() else None,
    )
    return await _form(desk, place, papers, Filled(typed, faults=faults), shown)


async def saved(
    desk: Desk, place: Place, text: str, number: int, *, owner: str
) -> web.StreamResponse:
    """A draft; the one that it goes on with, if it is theirs, is dropped."""
    drafted = await shelf.editor(desk).draft(
        place.path,
        text,
        author=desk.staff.name,
        owner=owner.strip(),
        note=desk.form.get("note", "")[:300],
    )
    await _drop_before(desk, place, number)
    new = drafted.version.id
    if drafted.faults:
        said = f"草稿存好了，还有 {len(drafted.faults)} 处要改好，才能请同事审。"
        return desk.go(f"/policies/draft/form?version={new}", said)
    return desk.go(f"/policies/versions/{new}", "草稿存好了。请换一位同事来审。")


async def _drop_before(desk: Desk, place: Place, number: int) -> None:
    if not number:
        return
    row = await _version(desk, str(number))
    if row.path == place.path and own_draft(desk, row):
        await shelf.editor(desk).drop(number, by=desk.staff.name)


PAGES = (
    Page("GET", "/policies/draft/form", form, Right.POLICIES),
    Page("POST", "/policies/draft/form", keep, Right.POLICIES),
)
