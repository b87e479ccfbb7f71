"""Every command with --staff NAME as every post, on records of places that are none of theirs."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.benching.console_world import NOW
from bot.cli import _parser, main
from bot.settings import Settings, load
from bot.wiring import build
from records import staff_accounts
from records.database import Session
from records.rights import Post
from tests.support.console_walk import SOMEBODY, nothing_of, out_of_reach
from tests.support.marked_world import FAR, Mark, Seeded, marked_file

Said = pytest.CaptureFixture[str]

# What is typed behind each command, about a record of the place: `{/inbox/}` is its request.
TYPED: Mapping[str, str] = {
    "desk show": "{/inbox/}",
    "desk take": "{/inbox/}",
    "desk reply": "{/inbox/} 好",
    "desk close": "{/inbox/}",
    "desk move": "{/inbox/} --to town",
    "desk open": "{phone} 一次性创业补贴",
    "desk papers": "{/inbox/}",
    "desk decide": "{/inbox/} granted",
    "village list": "{village}",
    "sages": "--out {out}/book.txt --area {area}",
    "paper doors": "--village {village} --out {out}/doors.pdf",
    "import take": "{/imports/differences/}",
    "import keep": "{/imports/differences/}",
    "projects review": "{/projects/}",
    "projects publish": "{/projects/}",
    "projects verify": "{/projects/}",
    "projects pause": "{/projects/} --note 停",
    "projects close": "{/projects/} --note 停",
    "projects edit": "{/projects/} 名称=别的",
    "projects limit": "{area} 核桃 3",
    "signing add": "{/events/} --project 核桃 --firm 公司",
    "signing paid": "1 100",
    "report table": "month_county --area {area} --period 2026-11",
    "report check": "{/owed/}",
    "report sign": "{/owed/}",
    "report take-back": "{/owed/}",
    "report freeze": "{/owed/}",
    "report again": "{/owed/}",
    "report note": "{/owed/} 看过",
    "report fill": "{/owed/} 3 --line 1 --cell people --why 漏了",
    "report correct": "{/owed/} 3 --line 1 --cell people --why 漏了",
    "report export": "{/owed/} {out}/paper.xlsx",
    "report behind": "{/owed/} --line 1 --cell people",
    "case card": "{/cases/}",
    "case show": "{/cases/}",
    "case material": "{/cases/}",
    "case withdraw": "{/cases/} --why 停",
    "campaign new": "核桃 --area {area}",
    "campaign text": "{/campaigns/} 好",
    "campaign audience": "{/campaigns/} 想开店",
    "campaign waves": "{/campaigns/} 明天9点",
    "campaign split": "{/campaigns/} --b 10",
    "campaign preview": "{/campaigns/}",
    "campaign test": "{/campaigns/}",
    "campaign submit": "{/campaigns/}",
    "campaign approve": "{/campaigns/} --yes",
    "campaign refuse": "{/campaigns/}",
    "campaign pause": "{/campaigns/}",
    "campaign resume": "{/campaigns/}",
    "campaign stop": "{/campaigns/}",
    "campaign finish": "{/campaigns/}",
    "campaign late": "{/campaigns/}",
    "campaign prepare": "digest --area {area}",
    "campaign proof": "{/campaigns/} {out}/proof.csv",
    "audience count": "想开店 --area {area}",
    "audience sample": "想开店 --area {area}",
    "audience save": "核桃 想开店 --area {area}",
    "audience show": "靐人群 --area {area}",
    "audience drop": "靐人群 --area {area}",
    "people tag": "核桃 {phone} --area {area}",
    "people untag": "核桃 {phone} --area {area}",
    "groups show": "{/groups/}",
    "groups place": "{/groups/} {area}",
    "groups kind": "{/groups/} city",
    "groups steward": "{/groups/} 小周",
    "groups size": "{/groups/} 3",
    "groups rename": "{/groups/} 核桃",
    "groups drop": "{/groups/}",
    "groups add": "核桃 {area}",
    "privacy consents": "--phone {phone}",
    "privacy requests show": "{/privacy/requests/}",
    "privacy requests sort": "{/privacy/requests/} deletion",
    "privacy requests who": "{/privacy/requests/} {phone}",
    "privacy requests copy": "{/privacy/requests/} --out {out}/copy.txt",
    "privacy requests done": "{/privacy/requests/}",
    "privacy requests refuse": "{/privacy/requests/} --why 停",
    "privacy requests erase": "{/privacy/requests/}",
    "privacy requests died": "{/privacy/requests/}",
    "privacy end export": "{out}/end",
    "privacy end check": "{out}/end",
    "privacy end ask": "--why 停",
    "privacy end agree": "1",
    "privacy end wipe": "{out}/end 1",
}
# Of nobody's place: a list shows what is theirs, the rest is of the whole office or a file.
LISTS = ("privacy requests list", "groups list", "audience list", "people tags")
OF_ALL = ("knowledge ", "gaps ", "privacy incident ", "privacy retention ")
OTHERS = (
    "privacy requests open",
    "import ",
    "tasks add",
)  # there --staff is who is reminded


def _commands(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, bool]]:
    """The commands, and whether each takes --staff."""
    below = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    for one in below:
        for name, inner in one._name_parser_map.items():
            yield from _commands(inner, (*path, name))
    if not below:
        yield " ".join(path), any("--staff" in one.option_strings for one in parser._actions)


def test_every_command_of_staff_is_walked() -> None:
    taking = {path for path, takes in _commands(_parser()) if takes}
    known = {*TYPED, *LISTS}
    assert {one for one in taking - known if not one.startswith((*OF_ALL, *OTHERS))} == set()
    assert known <= taking


@pytest.fixture
def marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Seeded:
    """A store with the three places, and somebody of each post."""
    monkeypatch.setenv("GUIYAN_DATABASE_URL", f"sqlite:///{tmp_path}/marked.db")
    settings = load()
    return asyncio.run(_store(tmp_path / "marked.db", settings))


async def _store(path: Path, settings: Settings) -> Seeded:
    app = build(settings, channels={})
    app.vault.use(app.vault.first)  # a store begins with them
    _, seeded = await marked_file(path, app.vault, NOW)
    await app.database.run(_join)
    await app.database.close()
    return seeded


def _join(session: Session) -> None:
    for post, (role, area) in SOMEBODY.items():
        by = "staff:terminal"
        staff_accounts.add(session, post.value, role=role, area=area, at=NOW, actor=by)


def _words(command: str, typed: str, mark: Mark, seeded: Seeded, out: Path) -> list[str]:
    known = {"area": mark.home.area, "village": mark.home.village, "phone": mark.phone}
    filled = typed
    for name, value in {**seeded[mark], **known, "out": str(out)}.items():
        filled = filled.replace(f"{{{name}}}", value)
    return [*command.split(), *filled.split()]


@pytest.mark.parametrize("post", [post for post in Post if FAR in nothing_of(post)])
def test_no_command_does_or_tells_anything_out_of_reach(
    marked: Seeded, post: Post, tmp_path: Path, capsys: Said
) -> None:
    faults = []
    for command, typed in TYPED.items():
        words = _words(command, typed, FAR, marked, tmp_path)
        status = main([*words, "--staff", post.value])
        said = capsys.readouterr()
        signs = [one for one in out_of_reach(post) if one in said.out + said.err]
        if status not in (1, 2) or not said.err.strip() or signs:
            faults.append((command, status, signs, said.err[:80], said.out[:80]))
    assert faults == []


@pytest.mark.parametrize("post", [Post.CADRE, Post.CLERK, Post.COUNTY])
def test_lists_leave_out_what_is_out_of_reach(marked: Seeded, post: Post, capsys: Said) -> None:
    for command in LISTS:
        main([*command.split(), "--staff", post.value])
        said = capsys.readouterr()
        assert [one for one in out_of_reach(post) if one in said.out + said.err] == [], command
