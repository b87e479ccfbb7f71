"""The installed command: data on standard output, sentences on standard error, honest statuses."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import clean_environment

PACKS = Path(__file__).parent.parent.parent / "knowledge" / "packs"
QUESTION = "个体户创业担保贷款最高多少"


def _guiyan(
    folder: Path, *arguments: str, said: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in `folder` with one small pack and these settings."""
    defaults = {"GUIYAN_AREAS": "定陶"} | settings
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=clean_environment() | defaults,
        input=said,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_ask_answers_with_figure_document_and_advice(tmp_path: Path) -> None:
    done = _guiyan(tmp_path, "ask", QUESTION, "--area", "定陶")
    assert done.returncode == 0
    for words in ("10万元", "菏定政办发〔2017〕38号", "打电话问"):
        assert words in done.stdout


def test_ask_from_elsewhere_gives_nobody_s_figure(tmp_path: Path) -> None:
    done = _guiyan(tmp_path, "ask", QUESTION, "--area", "湘潭", "--json", GUIYAN_AREAS="湘潭")
    answer = json.loads(done.stdout)
    assert answer["decision"] == "not_stated"
    assert not any(figure in answer["text"] for figure in ("10万", "300万", "30万"))


def test_ask_batch_keeps_the_order_and_the_fields(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "question": QUESTION, "area": "定陶", "prev": []},
        {"id": "b", "question": "那公司呢", "area": None, "prev": [f"定陶{QUESTION}"]},
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    done = _guiyan(tmp_path, "ask", "--batch", "in.jsonl", "--out", "out.jsonl")
    assert done.returncode == 0
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [answer["id"] for answer in answers] == ["a", "b"]
    assert "300万元" in answers[1]["text"]
    assert set(answers[0]) == {"id", "decision", "text", "entries", "sources", "score"}


def test_talk_works_from_a_pipe_in_an_empty_folder(tmp_path: Path) -> None:
    done = _guiyan(
        tmp_path, "talk", "--area", "定陶", "--transcript", "talk.txt", said=f"{QUESTION}\n"
    )
    assert done.returncode == 0
    assert "10万元" in done.stdout
    assert (tmp_path / "talk.txt").read_text("utf-8").startswith(f"> {QUESTION}\n< ")


def test_knowledge_check_names_file_line_and_fault(tmp_path: Path) -> None:
    shutil.copytree(PACKS, tmp_path / "packs")
    (tmp_path / "packs/dingtao/policies/bad.toml").write_text('id = "bad"\nstatus = \n')
    done = _guiyan(tmp_path, "knowledge", "check", "--packs", "packs")
    assert done.returncode == 1
    assert "bad.toml:2:" in done.stderr


def test_knowledge_eval_measures_any_corpus(tmp_path: Path) -> None:
    entry = {"id": "1", "question": "怎么申请创业贷款", "answer": "带身份证去柜台"}
    query = {"id": "q", "query": "创业贷款咋申请", "gold": ["1"]}
    (tmp_path / "e.jsonl").write_text(json.dumps(entry))
    (tmp_path / "q.jsonl").write_text(json.dumps(query))
    options = ["--entries", "e.jsonl", "--queries", "q.jsonl", "--out", "r.jsonl", "--json"]
    done = _guiyan(tmp_path, "knowledge", "eval", *options)
    assert json.loads(done.stdout)["recall_at_1"] == 1
    assert json.loads((tmp_path / "r.jsonl").read_text())["best"][0][0] == "1"


@pytest.mark.parametrize(
    ("gold", "status", "said"),
    [
        (["1", "7"], 0, "gold ids that no entry of e.jsonl has: 1 (7); they count as not found"),
        (["7"], 2, "1 (7), all there are: do the two files belong together?"),
    ],
)
def test_knowledge_eval_says_what_gold_is_in_no_entry(
    tmp_path: Path, gold: list[str], status: int, said: str
) -> None:
    (tmp_path / "e.jsonl").write_text(json.dumps({"id": 1, "question": "怎么申请贷款"}))
    (tmp_path / "q.jsonl").write_text(json.dumps({"id": 1, "query": "贷款咋办", "gold": gold}))
    done = _guiyan(tmp_path, "knowledge", "eval", "--entries", "e.jsonl", "--queries", "q.jsonl")
    assert (done.returncode, said in done.stderr) == (status, True)
    assert ("- (no query has empty gold)" in done.stdout) == (status == 0)


def test_doctor_finds_a_new_database_well(tmp_path: Path) -> None:
    _guiyan(tmp_path, "migrate")
    assert _guiyan(tmp_path, "doctor").returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["doctor"], "FAULT database: there is none at"),
        (["audit", "head"], "there is no database"),
    ],
)
def test_looking_makes_nothing_where_everything_was_lost(
    tmp_path: Path, words: list[str], said: str
) -> None:
    done = _guiyan(tmp_path, *words)
    assert (done.returncode, said in done.stdout + done.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_settings_that_cannot_be_read_get_a_sentence(tmp_path: Path) -> None:
    done = _guiyan(tmp_path, "doctor", GUIYAN_CONFIG="/proc/self/mem")
    assert (done.returncode, "/proc/self/mem cannot be read" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("now", "grade"),
    [
        ("2026-10-20T10:00+08:00", "ok "),
        ("2026-11-20T10:00+08:00", "note"),
        ("2032-03-01T10:00+08:00", "FAULT"),
    ],
)
def test_doctor_knows_which_holidays_are_announced(tmp_path: Path, now: str, grade: str) -> None:
    _guiyan(tmp_path, "migrate")
    lines = _guiyan(tmp_path, "doctor", GUIYAN_NOW=now).stdout.splitlines()
    assert [line.split(" ")[0] for line in lines if " holidays" in line] == [grade.strip()]


def test_doctor_says_what_is_wrong_and_how_to_mend_it(tmp_path: Path) -> None:
    (tmp_path / "guiyan.db").write_text("no database at all, but long enough to be read as one")
    done = _guiyan(tmp_path, "doctor", GUIYAN_DATABASE_URL="sqlite:///guiyan.db")
    assert (done.returncode, "is not a database" in done.stdout) == (1, True)


def test_a_lost_key_is_not_replaced(tmp_path: Path) -> None:
    _guiyan(tmp_path, "talk", said="你好\n")
    (tmp_path / "var" / "secret.key").unlink()
    done = _guiyan(tmp_path, "talk", said="你好\n")
    assert (done.returncode, "bring the key back" in done.stderr) == (1, True)
    assert not (tmp_path / "var" / "secret.key").exists()


def test_config_shows_no_secret(tmp_path: Path) -> None:
    done = _guiyan(tmp_path, "config", GUIYAN_TELEGRAM_TOKEN="123:very-secret")
    assert "GUIYAN_TELEGRAM_TOKEN = (set)" in done.stdout
    assert "very-secret" not in done.stdout


BAD_USE = [
    (["ask"], {}, "give one QUESTION"),
    (["ask", "x", "--area", "火星"], {}, "不知道「火星」是哪里"),
    (["ask", "--batch", "missing.jsonl"], {}, "cannot read missing.jsonl"),
    (["run"], {"GUIYAN_HTTP_PORT": "eighty"}, "GUIYAN_HTTP_PORT must be a number"),
    (["run", "--only", "kitchen"], {}, "takes web, intake, worker, sender and scheduler"),
    (["run", "--port", "99999"], {}, "must be a number from 0 to 65535"),
    (["run"], {"GUIYAN_AREAS": "火星"}, "GUIYAN_AREAS: no pack for '火星'"),
    (["run"], {"GUIYAN_FORMS_DIR": "/nowhere"}, "there is no such folder"),
    (["run"], {"GUIYAN_TELEGRAM_TOKEN": "abc"}, "is no token as BotFather gives them"),
    (["run"], {"GUIYAN_DATABASE_URL": "postgresql://nowhere/x"}, "GUIYAN_SECRET_KEY is required"),
]


@pytest.mark.parametrize(("arguments", "settings", "sentence"), BAD_USE)
def test_bad_use_gets_a_sentence_and_status_two(
    arguments: list[str], settings: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    done = _guiyan(tmp_path, *arguments, **settings)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_cannot_be_opened_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "guiyan.db").mkdir()
    url = f"sqlite:///{tmp_path}/guiyan.db"
    done = _guiyan(tmp_path, "run", "--port", "0", GUIYAN_DATABASE_URL=url)
    assert done.returncode == 1
    assert "the database file cannot be opened" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_postgresql_gets_a_sentence(tmp_path: Path) -> None:
    settings = {
        "GUIYAN_DATABASE_URL": "postgresql://127.0.0.1:1/x",
        "GUIYAN_SECRET_KEY": "x" * 32,
    }
    done = _guiyan(tmp_path, "migrate", **settings)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "the database cannot be used" in done.stderr


def test_a_key_that_cannot_be_read_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "var" / "secret.key").mkdir(parents=True)
    done = _guiyan(tmp_path, "talk", said="你好\n")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "must be a file of the service's user, of mode 600" in done.stderr


def test_an_empty_key_seals_nothing(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret.key").touch()
    done = _guiyan(tmp_path, "talk", said="你好\n")
    assert (done.returncode, "is empty" in done.stderr) == (1, True)
