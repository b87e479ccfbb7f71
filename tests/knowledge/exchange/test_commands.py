"""`guiyan knowledge export|import|booklet` as people run them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pypdf
import pytest

from bot.cli import main
from tests.knowledge.exchange.tables import CAP, NEW, by_hand
from tests.support.program import clean_environment

QUESTION = "个体户创业担保贷款最高多少"
OVERVIEW, CAPS = "创业担保贷款最高能贷多少", "dingtao-loan-caps"
PATH = f"dingtao/policies/{CAP}.toml"
RAISED = "cap｜120000｜元｜最高｜最高12万元"
SERVED = "下一个回答就按新的"


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str

    @property
    def end(self) -> str:
        """The last line."""
        return self.out.splitlines()[-1]


Guiyan = Callable[..., Done]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands are run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUIYAN_AREAS", "定陶")
    monkeypatch.delenv("GUIYAN_DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def guiyan(folder: Path, capsys: pytest.CaptureFixture[str]) -> Guiyan:
    """Runs a command there."""
    return lambda *arguments: Done(main(arguments), *capsys.readouterr())


@pytest.fixture
def knowledge(guiyan: Guiyan) -> Guiyan:
    """Runs `guiyan knowledge …`, which must succeed."""

    def run(*arguments: str) -> Done:
        done = guiyan("knowledge", *arguments)
        assert done.status == 0, done.err
        return done

    return run


@pytest.fixture
def ask(guiyan: Guiyan) -> Callable[[str], str]:
    """Asks, and hears the answer."""
    return lambda question: guiyan("ask", question, "--area", "定陶").out


@pytest.fixture
def phone(folder: Path) -> Path:
    """A small table with one phone number."""
    file = folder / "in.xlsx"
    file.write_bytes(by_hand([{"编号": CAP, "电话": "0530-1111111"}]))
    return file


def test_an_export_needs_no_database_and_makes_none(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "knowledge", "export", "out.xlsx", "--area", "定陶"],
        cwd=tmp_path,
        env=clean_environment() | {"GUIYAN_AREAS": "定陶"},
        timeout=120,
        check=True,
        capture_output=True,
    )
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames[:2] == ["说明", "定陶"]
    assert [file.name for file in tmp_path.iterdir()] == ["out.xlsx"]
    assert done.stderr == b""


def test_a_dry_run_reports_and_stores_nothing(phone: Path, knowledge: Guiyan) -> None:
    said = knowledge("import", "in.xlsx", "--dry-run")
    assert "电话：（空） → 0530-1111111" in said.out
    assert "修改 1 行" in said.out
    assert "什么都没有存" in said.end
    assert not (phone.parent / "var").exists()


def test_an_operator_s_import_is_the_next_answer(
    folder: Path, knowledge: Guiyan, ask: Callable[[str], str]
) -> None:
    (folder / "in.xlsx").write_bytes(by_hand([{"编号": CAP, "数字": RAISED}]))
    assert knowledge("import", "in.xlsx").end.startswith("已上线 1 份")
    assert "最高12万元" in ask(QUESTION)
    assert "最高12万元" in ask(OVERVIEW)  # tells the same figure
    assert "操作员" in knowledge("show", CAP).out
    assert "什么都没有改" in knowledge("import", "in.xlsx").end


def test_a_named_person_s_import_waits_for_a_second_reader(
    phone: Path, knowledge: Guiyan, ask: Callable[[str], str]
) -> None:
    end = knowledge("import", phone.name, "--staff", "小刘").end
    assert "成了 1 份草稿，等另一个人审：guiyan knowledge review 1 --staff" in end
    again = knowledge("import", phone.name, "--staff", "小刘").end
    assert again == "一样的内容已经是草稿1，等人审，没有再存一份。"
    assert "0530-1111111" not in ask(QUESTION)
    for step in ("review", "release"):
        knowledge(step, "1", "--staff", "老王")
    assert "0530-1111111" in ask(QUESTION)


def test_a_live_import_is_exported_again(phone: Path, knowledge: Guiyan) -> None:
    assert SERVED in knowledge("import", "in.xlsx", "--live", "--staff", "小刘").end
    knowledge("export", "packs", "--area", "定陶")
    assert "0530-1111111" in (phone.parent / "packs" / PATH).read_text("utf-8")
    assert "什么都没有改" in knowledge("import", "packs", "--staff", "小刘").end


def test_a_folder_goes_live_too_and_an_entry_out_of_service(
    folder: Path, knowledge: Guiyan, guiyan: Guiyan
) -> None:
    knowledge("export", "packs", "--area", "定陶")
    file = folder / "packs" / PATH.replace(CAP, CAPS)
    file.write_text(
        file.read_text("utf-8").replace('phone = ""', 'phone = "0530-2222222"'), "utf-8"
    )
    assert SERVED in knowledge("import", "packs").end
    (folder / "in.xlsx").write_bytes(by_hand([{"编号": CAPS, "状态": "撤回"}]))
    assert "撤下 1 份" in knowledge("import", "in.xlsx").end
    told = guiyan("ask", OVERVIEW, "--area", "定陶", "--json").out
    assert CAPS not in json.loads(told)["entries"]


def test_good_rows_are_taken_beside_faulty_ones(folder: Path, knowledge: Guiyan) -> None:
    rows = [NEW, {**NEW, "标题": "贷款要不要户口本", "问法": "要户口本吗"}]
    (folder / "in.xlsx").write_bytes(by_hand(rows))
    said = knowledge("import", "in.xlsx", "--staff", "小刘")
    assert "新增 1 行" in said.out
    assert "问法不到6种" in said.out
    assert "1 份草稿" in said.end
    assert "有错的 1 行没有收" in said.end


def test_a_file_of_faults_alone_fails_and_says_so(folder: Path, guiyan: Guiyan) -> None:
    (folder / "in.xlsx").write_bytes(by_hand([{**NEW, "问法": "要户口本吗"}]))
    done = guiyan("knowledge", "import", "in.xlsx")
    assert (done.status, "有错的 1 行没有收" in done.end) == (1, True)


def test_the_booklet_prints_in_each_format(folder: Path, knowledge: Guiyan) -> None:
    for name in ("book.pdf", "book.txt", "book.md"):
        assert "菏泽市定陶区" in knowledge("booklet", "--area", "371703", "--a5", name).out
    pages = pypdf.PdfReader(folder / "book.pdf").pages
    assert (len(pages) > 10, float(pages[0].mediabox.width) < 421) == (True, True)
    assert "政策一本通" in (folder / "book.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "text.xlsx"], "另存为 .xlsx"),
        (["import", "text.xlsx", "--staff", " "], "比如 --staff 小刘"),
        (["import", "nofile.xlsx"], "读不了 nofile.xlsx：没有这个文件"),
        (["export", "out.docx"], "以 .xlsx 结尾"),
        (["export", "missing/out.xlsx"], "没有写成 missing/out.xlsx：没有这个文件或文件夹"),
        (["booklet", "out.docx", "--area", "定陶"], "以 .pdf、.txt 或 .md 结尾"),
        (["booklet", "out.pdf", "--area", "火星"], "有的是：定陶"),
    ],
)
def test_bad_arguments_get_one_sentence(
    folder: Path, guiyan: Guiyan, arguments: list[str], said: str
) -> None:
    (folder / "text.xlsx").write_text("编号,标题", "utf-8")
    done = guiyan("knowledge", *arguments)
    assert (done.status, said in done.err, done.err.count("\n")) == (2, True, 1)


def test_the_handbook_begins_with_the_projects_that_are_shown(
    guiyan: Guiyan, folder: Path
) -> None:
    assert guiyan("demo").status == 0
    done = guiyan("knowledge", "booklet", "--area", "定陶", "--projects", "手册.md")
    assert done.status == 0, done.err
    text = (folder / "手册.md").read_text("utf-8")
    assert text.index("返乡创业指引手册") < text.index("演示·林下养土鸡") < text.index("## 用工")
    assert "湘潭" not in text.partition("## 用工")[0]
