"""`guiyan village` and `guiyan paper` beside a cadre's talk on the terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pypdf
import pytest

from tests.support.program import clean_environment

VILLAGE = "湘乡泉塘镇泉塘村"
SAID = """依据 湘人社发〔2026〕3号
老屋湾 王甲 13800000101 1 1 1 2 3 1
老屋湾 李乙 13800000102 3 农 4
开始摸排
1 已谈
"""


def _guiyan(folder: Path, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=clean_environment() | {"GUIYAN_OFFICE_NAME": "湘乡市人社局"},
        input=said,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a cadre has entered two people and begun a round."""
    folder = tmp_path_factory.mktemp("village")
    _guiyan(folder, "staff", "add", "老谢", "--role", "cadre", "--area", VILLAGE)
    _guiyan(folder, "staff", "add", "老李", "--role", "cadre", "--area", "湘乡泉塘镇繁育村")
    code = _guiyan(folder, "staff", "link", "老谢").stdout.strip()
    talk = _guiyan(folder, "talk", said=f"{code}\n{SAID}")
    assert "已谈1，还没去1" in talk.stdout
    return folder


def _printed(path: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_the_list_says_who_what_and_what_next(folder: Path) -> None:
    listed = _guiyan(folder, "village", "list", VILLAGE).stdout.splitlines()
    assert len(listed) == 2
    for word in ("王甲", "138****0101", "马上想干", "本钱", "配专员", "入户"):
        assert word in listed[0]
    assert "13800000101" not in "".join(listed)


def test_a_workbook_has_a_column_for_each(folder: Path) -> None:
    done = _guiyan(folder, "village", "list", VILLAGE, "--out", "清单.xlsx")
    assert done.returncode == 0
    rows = list(openpyxl.load_workbook(folder / "清单.xlsx").active.values)
    assert rows[1][:3] == ("序号", "姓名", "电话")
    assert [row[1] for row in rows[2:]] == ["王甲", "李乙"]


def test_who_looks_after_another_village_reads_nothing(folder: Path) -> None:
    done = _guiyan(folder, "village", "list", VILLAGE, "--staff", "老李")
    assert (done.returncode, done.stdout) == (1, "")
    assert "does not look after this place" in done.stderr
    assert _guiyan(folder, "village", "list", VILLAGE, "--staff", "老谢").returncode == 0


def test_the_sheet_has_the_numbers_of_the_form(folder: Path) -> None:
    done = _guiyan(
        folder, "paper", "sheet", "--village", VILLAGE, "--pages", "2", "--out", "a.pdf"
    )
    assert done.returncode == 0
    text = _printed(folder / "a.pdf")
    for word in ("泉塘村", "湘乡市人社局", "本人同意登记", "签字/按手印", "2马上想干", "9没想好"):
        assert word in text
    page = pypdf.PdfReader(folder / "a.pdf").pages[0].mediabox
    assert (round(page.width), round(page.height)) == (595, 420)  # A5, lying
    assert len(pypdf.PdfReader(folder / "a.pdf").pages) == 2


def test_the_doors_are_printed_as_they_stand(folder: Path) -> None:
    _guiyan(folder, "paper", "doors", "--village", VILLAGE, "--out", "b.pdf")
    text = _printed(folder / "b.pdf")
    assert "王甲" in text
    assert "已谈" in text


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("village", "list", "没这地方"), "no area is called"),
        (("village", "list", "湘乡"), "name one of its villages"),
        (("paper", "sheet", "--village", VILLAGE, "--out", "a.txt"), "ends in .pdf"),
        (("paper", "sheet", "--village", VILLAGE, "--out", "no/a.pdf"), "not written"),
        (("paper", "doors", "--village", "湘乡泉塘镇青山村", "--out", "c.pdf"), "开始摸排"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    folder: Path, arguments: tuple[str, ...], why: str
) -> None:
    done = _guiyan(folder, *arguments)
    assert done.returncode != 0
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 1
