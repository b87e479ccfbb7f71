"""Lists of businesses: every row accounted for, the founder found, nothing doubled or lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from records import entities
from records.database import Database
from records.vault import Vault
from registry import credit_codes
from tests.support.program import clean_environment

HEAD = "序号,名称/招牌,类型,行业,县,负责人,手机,办照时间,信用代码,从业人数,停业时间\n"
GOOD = f"1,老王面馆,个体户,餐饮,定陶,王某,13800000000,2025年3月,{credit_codes.EXAMPLE},3,\n"


def _import(folder: Path, text: str, *more: str) -> subprocess.CompletedProcess[str]:
    (folder / "list.csv").write_text(text, "utf-8")
    return subprocess.run(
        [sys.executable, "-m", "bot", "import", "entities", "list.csv", *more],
        cwd=folder,
        env=clean_environment() | {"GUIYAN_AREAS": "定陶"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("said", "code", "wrong"),
    [
        (credit_codes.EXAMPLE, credit_codes.EXAMPLE, ""),
        ("91350100m000100y43 ", credit_codes.EXAMPLE, ""),
        ("", "", ""),
        ("91350100M000100Y44", "", "校验位"),
        ("91350100M000100", "", "18位"),
        ("91350100M000100O43", "", "字母I"),
    ],
)
def test_a_credit_code_is_checked(said: str, code: str, wrong: str) -> None:
    found, why = credit_codes.read(said)
    assert (found, wrong in why) == (code, True)


async def test_a_list_is_stored_once_and_brought_up_to_date(tmp_path: Path) -> None:
    first = _import(tmp_path, HEAD + GOOD)
    again = _import(tmp_path, HEAD + GOOD.replace(",3,", ",5,"))
    assert (first.returncode, again.returncode) == (0, 0)
    vault = Vault((tmp_path / "var" / "secret.key").read_text().strip())
    database = Database(f"sqlite:///{tmp_path}/var/guiyan.db")
    [row] = (await database.read(entities.of_people, [""]))[""]
    business = entities.business_of(row, vault)
    await database.close()
    assert (business.name, business.headcount, business.trade) == ("老王面馆", 5, "shop")
    assert (row.area, str(business.began_on)) == ("371703", "2025-03-01")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (GOOD.replace("Y43", "Y44"), "校验位"),
        (GOOD.replace("个体户", "摊子"), "“摊子”不认识，可以写：个体户"),
        (GOOD.replace("定陶", "火星"), "看不出是哪个县"),
        (GOOD.replace("2025年3月", "2055年3月"), "还没到"),
        (GOOD.replace(",3,", ",很多,"), "不是人数"),
        (",,个体户,餐饮,定陶,,,,,,\n", "没写负责人"),
    ],
)
def test_a_row_that_is_not_taken_says_why(tmp_path: Path, wrong: str, said: str) -> None:
    done = _import(tmp_path, HEAD + wrong, "--dry-run", "--report", "r.csv")
    assert said in (tmp_path / "r.csv").read_text("utf-8-sig") + done.stderr
