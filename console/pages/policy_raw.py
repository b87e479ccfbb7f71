"""An entry as its file, for who prefers it to the form."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from console.desk import Desk
from console.forms import Filled, Form, blank, wrong
from console.page import Page
from console.pages import policy_shelf as shelf
from console.pages.policy_drafts import begun, meant, own_draft, posted, posted_number, saved
from console.pages.policy_shelf import Place
from knowledge.editing import Faulty
from knowledge.pages import Fault
from records.edit_refusals import EditRefused
from records.rights import Right

_LONGEST = 120_000  # characters of a file typed by hand


async def raw(desk: Desk) -> web.StreamResponse:
    """The same as its file, for who prefers it."""
    place, row = await meant(desk)
    text = row.text if row else place.text
    text = text if text is not None else await begun(desk, place)
    return _raw(desk, place, blank({"text": text}), own_draft(desk, row))


def _raw(
    desk: Desk,
    place: Place,
    f: Filled[Form],
    number: int,
    status: int = 200,
    *,
    faults: Sequence[Fault] = (),
) -> web.StreamResponse:
    return desk.render(
        "policies/raw.html",
        status,
        f=f,
        place=place,
        number=number,
        mark=f.typed.get("seen") or place.mark,
        faults=[(one.line, one.fault) for one in faults],
    )


async def keep_raw(desk: Desk) -> web.StreamResponse:
    """A draft of the file; what cannot be read is not kept, and stays in the form."""
    place = await posted(desk)
    text, number = desk.form.get("text", "").replace("\r\n", "\n"), posted_number(desk.form)
    typed = dict(desk.form)
    if len(text) > _LONGEST:
        return _raw(desk, place, wrong(typed, text="太长了"), number, 422)
    if shelf.data_of(text).get("id", place.entry) != place.entry:
        fault = f"编号要是 {place.entry}，不能改"
        return _raw(desk, place, wrong(typed, text=fault), number, 422)
    if typed.get("seen") != place.mark:
        typed["seen"] = place.mark
        fault = "您打开以后，这一条被改过并上线了。先对照在用的，再存一次"
        return _raw(desk, place, wrong(typed, text=fault), number, 409)
    try:
        return await saved(desk, place, text, number, owner="")
    except Faulty as fault_:
        return _raw(desk, place, blank(typed), number, 422, faults=fault_.faults)
    except EditRefused as refusal:
        return _raw(desk, place, wrong(typed, text=str(refusal)), number, 422)


PAGES = (
    Page("GET", "/policies/draft/raw", raw, Right.POLICIES),
    Page("POST", "/policies/draft/raw", keep_raw, Right.POLICIES),
)
