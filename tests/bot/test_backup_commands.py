"""`guiyan backup` and `restore` on real files, with the service, and killed in the middle."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.program import Program, clean_environment

Said = pytest.CaptureFixture[str]


def _start(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _guiyan(folder: Path, *words: str) -> tuple[int, str]:
    done = _start(folder, *words)
    out, err = done.communicate(timeout=120)
    return done.returncode, out + err


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with people in it, and a back-up of it."""
    folder = tmp_path_factory.mktemp("house")
    assert _guiyan(folder, "demo")[0] == 0
    assert _guiyan(folder, "backup", "b.tar")[0] == 0
    return folder


@pytest.fixture
def empty(tmp_path: Path, house: Path) -> Path:
    """Another machine to which the key was brought."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var/secret.key").write_bytes((house / "var/secret.key").read_bytes())
    return tmp_path


def test_an_empty_machine_has_everything_again(empty: Path, house: Path) -> None:
    status, said = _guiyan(empty, "restore", f"{house}/b.tar")
    assert (status, "to do:" in said) == (0, True)
    assert "示范专员" in _guiyan(empty, "staff", "list")[1]
    assert "ok    key to what is stored" in _guiyan(empty, "doctor")[1]
    assert "service.restored" in _guiyan(empty, "audit", "list", "--act", "service.")[1]


def test_no_new_key_is_made_for_what_another_sealed(tmp_path: Path, house: Path) -> None:
    status, said = _guiyan(tmp_path, "restore", f"{house}/b.tar")
    assert (status, "the key is missing" in said) == (1, True)
    assert not list(tmp_path.rglob("secret.key"))


def test_the_doctor_sees_a_key_that_opens_nothing(empty: Path, house: Path) -> None:
    _guiyan(empty, "restore", f"{house}/b.tar")
    (empty / "var/secret.key").write_text("another key, of forty letters at least..")
    status, said = _guiyan(empty, "doctor")
    assert (status, "FAULT key to what is stored" in said) == (1, True)


def test_a_database_that_is_there_stays_unless_it_is_said(empty: Path, house: Path) -> None:
    _guiyan(empty, "restore", f"{house}/b.tar")
    _guiyan(empty, "staff", "add", "新来的")
    assert _guiyan(empty, "restore", f"{house}/b.tar")[0] == 1
    assert "新来的" in _guiyan(empty, "staff", "list")[1]
    assert _guiyan(empty, "restore", f"{house}/b.tar", "--replace")[0] == 0
    assert "新来的" not in _guiyan(empty, "staff", "list")[1]
    assert len(list(empty.glob("var/guiyan-before-*.db"))) == 1


async def test_while_it_serves_it_is_copied_and_not_replaced(empty: Path, house: Path) -> None:
    async with Program(empty, {}) as program:
        await program.start()
        assert _guiyan(empty, "backup", "live.tar")[0] == 0
        status, said = _guiyan(empty, "restore", f"{house}/b.tar", "--replace")
        assert (status, "stop it first" in said) == (1, True)


def _kill_at(folder: Path, word: str, *words: str) -> None:
    process = _start(folder, *words)
    assert process.stderr is not None
    while word not in (line := process.stderr.readline()):
        assert line
    process.kill()
    process.communicate()


@pytest.mark.parametrize("word", ["copied", "reading"])
def test_a_killed_back_up_leaves_none_and_the_next_sweeps(
    house: Path, tmp_path: Path, word: str
) -> None:
    _kill_at(house, word, "backup", f"{tmp_path}/k.tar")
    if not (tmp_path / "k.tar").exists():
        assert _guiyan(house, "backup", f"{tmp_path}/k.tar")[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["k.tar"]


def test_a_killed_restore_leaves_nothing_half(empty: Path, house: Path) -> None:
    _kill_at(empty, "bringing", "restore", f"{house}/b.tar")
    is_done = (empty / "var/guiyan.db").exists()
    assert _guiyan(empty, "restore", f"{house}/b.tar")[0] == int(is_done)
    assert not list(empty.rglob(".guiyan-part-*"))
    assert "示范专员" in _guiyan(empty, "staff", "list")[1]


def test_a_killed_replacement_leaves_the_old_or_the_new(empty: Path, house: Path) -> None:
    _guiyan(empty, "restore", f"{house}/b.tar")
    _guiyan(empty, "staff", "add", "新来的")
    _kill_at(empty, "bringing", "restore", f"{house}/b.tar", "--replace")
    assert "ok    database" in _guiyan(empty, "doctor")[1]
    assert "示范专员" in _guiyan(empty, "staff", "list")[1]


def test_old_ones_go_and_what_is_not_ours_stays(house: Path, tmp_path: Path) -> None:
    for name in ("guiyan-20200101-000000.tar", "guiyan-20200102-000000.tar", "mine.tar"):
        (tmp_path / name).touch()
    assert "removed 2" in _guiyan(house, "backup", str(tmp_path), "--keep", "5")[1]
    assert len(list(tmp_path.iterdir())) == 2
    assert (tmp_path / "mine.tar").exists()


def test_only_so_many_are_kept(house: Path, tmp_path: Path) -> None:
    now = time.strftime("%Y%m%d")
    for n in range(3):
        (tmp_path / f"guiyan-{now}-00000{n}.tar").touch()
    _guiyan(house, "backup", str(tmp_path), "--keep", "2")
    assert len(list(tmp_path.glob("guiyan-*.tar"))) == 2


def test_postgresql_has_means_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: Said, tmp_path: Path
) -> None:
    monkeypatch.setenv("GUIYAN_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("GUIYAN_SECRET_KEY", "k" * 40)
    assert main(["backup", str(tmp_path / "b.tar")]) == 2
    assert "docs/howto/back-up.md" in capsys.readouterr().err
