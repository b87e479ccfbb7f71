"""`guiyan knowledge draft|review|release|withdraw|drop`: entries edited in service."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.cli import BAD_USE, CommandError
from bot.commands.editors_desk import POLICIES, Desk, at_desk, complain, path_of, waiting
from bot.settings import Settings
from knowledge.editing import Faulty
from knowledge.library import our_shelf
from knowledge.pages import Fault, Page
from records.policies import Stage

_LIVE = "编号 {row.id} 已上线，从下一条消息起就按它回答（{row.path}）。"
_GONE = "{row.path} 已撤下（编号 {row.id}），从下一条消息起不再这样回答。"


def draft(options: argparse.Namespace, settings: Settings) -> int:
    """Keep a file as a draft."""
    return at_desk(_draft, options, settings)


def review(options: argparse.Namespace, settings: Settings) -> int:
    """Agree to somebody else's draft."""
    return at_desk(_review, options, settings)


def release(options: argparse.Namespace, settings: Settings) -> int:
    """Serve a reviewed version from now on."""
    return at_desk(_release, options, settings)


def withdraw(options: argparse.Namespace, settings: Settings) -> int:
    """Serve an entry no more."""
    return at_desk(_withdraw, options, settings)


def drop(options: argparse.Namespace, settings: Settings) -> int:
    """Take a draft no further."""
    return at_desk(_drop, options, settings)


async def _draft(desk: Desk) -> list[str]:
    options = desk.options
    text = _text_of(options.file)
    try:
        done = await desk.editor.draft(
            _path_for(Path(options.file), text, options.pack),
            text,
            author=options.staff,
            owner=options.owner,
            note=options.note,
        )
    except Faulty as refusal:
        raise Faulty([_in_file(fault, options.file) for fault in refusal.faults]) from refusal
    complain([_in_file(fault, options.file) for fault in done.faults])
    number = done.version.id
    if done.faults:
        return [f"草稿已存，编号 {number}；上面的问题没有了才能审（几条要一起改的，一起审）。"]
    return [
        f"草稿已存，编号 {number}。请换一位同事审：guiyan knowledge review {number} --staff 姓名"
    ]


async def _review(desk: Desk) -> list[str]:
    numbers = await _numbers(desk, Stage.DRAFT)
    await desk.editor.review(*numbers, reviewer=desk.options.staff)
    told = " ".join(map(str, numbers))
    return [f"编号 {told} 已审。上线：guiyan knowledge release {told} --staff 姓名"]


async def _release(desk: Desk) -> list[str]:
    numbers = await _numbers(desk, Stage.REVIEWED)
    rows = await desk.editor.release(*numbers, by=desk.options.staff)
    return [_GONE.format(row=row) if row.withdraws else _LIVE.format(row=row) for row in rows]


async def _withdraw(desk: Desk) -> list[str]:
    path = await path_of(desk, desk.options.id)
    options = desk.options
    rows = await desk.editor.withdraw(
        path, by=options.staff, note=options.note, with_referring=options.with_referring
    )
    return [_GONE.format(row=row) for row in rows]


async def _drop(desk: Desk) -> list[str]:
    numbers = await _numbers(desk, Stage.DRAFT, Stage.REVIEWED)
    for number in numbers:
        await desk.editor.drop(number, by=desk.options.staff)
    return [f"编号 {number} 已放弃。" for number in numbers]


async def _numbers(desk: Desk, *stages: Stage) -> list[int]:
    return [await waiting(desk, name, *stages) for name in desk.options.ids]


def _path_for(file: Path, text: str, pack: str | None) -> str:
    """Where a file of an editor belongs among the packs."""
    if file.name in ("pack.toml", "unknowns.toml", "wording.toml"):
        folder = pack or file.resolve().parent.name
        return f"{folder}/{file.name}"
    page = Page(str(file), text.encode("utf-8", "surrogatepass"))
    if not page.is_parsed:
        raise Faulty(page.faults)
    name = str(page.top.data.get("id") or file.stem)
    if pack is None:
        folders = [f for f in our_shelf().folders() if name.startswith(f"{f}-")]
        if not folders:
            raise CommandError(f"name the folder of {name!r} with --pack FOLDER", BAD_USE)
        pack = max(folders, key=len)
    return f"{pack}{POLICIES}{name}.toml"


def _text_of(file: str) -> str:
    try:
        return Path(file).read_text("utf-8-sig")
    except OSError as fault:
        raise CommandError(f"cannot read {file}: {fault.strerror}", BAD_USE) from fault
    except UnicodeDecodeError as fault:
        raise Faulty([Fault(file, 1, "不是 UTF-8 文字")]) from fault


def _in_file(fault: Fault, file: str) -> Fault:
    """The fault where its editor finds it: their file, if it has the page's name."""
    own = Path(fault.file).name == Path(file).name
    return Fault(file, fault.line, fault.fault) if own else fault
