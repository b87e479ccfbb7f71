"""`guiyan posts show` as an operator types it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from bot.cli import main
from records import group_posts, pictures
from records.database import Database, Session
from records.group_posts import Post, PostState, Target, TargetState
from records.vault import Vault
from tests.support.database import fresh_file
from tests.support.pictures import JPEG

SECRET = "a key for tests only"
Guiyan = Callable[..., tuple[int, str, str]]


def _fill(session: Session, now: datetime) -> None:
    vault = Vault(SECRET)
    picture = pictures.keep(session, vault, "webchat:1", JPEG, now)
    for number, named in enumerate((picture, "", "gone"), 1):
        group = Target(number, 1, 1, "wechat", "", None, TargetState.WAITING, now)
        state = PostState.HELD
        post = Post(number, "王姐", "", "招聘会", state, now, named, targets=(group,))
        assert group_posts.add(session, vault, post)


async def _filled(folder: Path, now: datetime) -> str:
    url = await fresh_file(folder / "posts.db")
    database = Database(url)
    await database.run(_fill, now)
    await database.close()
    return url


@pytest.fixture
def guiyan(
    tmp_path: Path,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Guiyan:
    """Run a command where three posts are: with a picture, without, and with one that is gone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUIYAN_DATABASE_URL", asyncio.run(_filled(tmp_path, now)))
    monkeypatch.setenv("GUIYAN_SECRET_KEY", SECRET)

    def run(*words: str) -> tuple[int, str, str]:
        status = main(("posts", "show", *words))
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_a_picture_is_mentioned_and_written_to_a_file(guiyan: Guiyan, tmp_path: Path) -> None:
    assert "with a picture: --picture FILE" in guiyan("1")[1]
    assert "its picture is in a.jpg" in guiyan("1", "--picture", "a.jpg")[1]
    assert (tmp_path / "a.jpg").read_bytes() == JPEG


def test_a_post_without_one_says_nothing_of_it(guiyan: Guiyan) -> None:
    assert "picture" not in guiyan("2")[1]
    assert "not kept any more" in guiyan("3")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("2", "--picture", "a.jpg"), "post 2 has no picture"),
        (("3", "--picture", "a.jpg"), "not kept any more"),
        (("1", "--picture", "no/such/a.jpg"), "cannot write no/such/a.jpg"),
    ],
)
def test_what_cannot_be_written_is_said(guiyan: Guiyan, words: tuple[str, ...], said: str) -> None:
    status, _, fault = guiyan(*words)
    assert (status, said in fault) == (1, True)
