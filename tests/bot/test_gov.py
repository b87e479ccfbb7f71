"""A `gov` deployment keeps people's data inside mainland China: what it refuses, and in words."""

from __future__ import annotations

import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from bot.settings import SettingsError, load
from tests.support.program import clean_environment

VOUCHED = {"GUIYAN_MODEL_DOMESTIC_HOSTS": "api.model.example"}
# address → whether gov may call it
ADDRESSES = {
    "https://api.model.example/v1": True,
    "https://API.Model.Example/v1": True,
    "http://api.model.example/v1": False,
    "https://api.model.example.com/v1": False,
    "https://api.model.example@other.example/v1": False,
    "https://api.openai.com/v1": False,
    "https://localhost.example/v1": False,
    "http://localhost:8000/v1": True,
    "http://127.0.0.1:8000/v1": True,
    "http://10.1.2.3/v1": True,
    "http://192.168.1.2:9000": True,
    "http://[fd00::1]/v1": True,
    "http://[::ffff:10.1.2.3]/v1": True,
    "http://8.8.8.8/v1": False,
    "http://[::ffff:8.8.8.8]/v1": False,
    "http://134744072/v1": False,
    "https://api.telegram.org": False,
}
FIELDS = {
    "GUIYAN_MODEL_URL": {"GUIYAN_MODEL_NAME": "m"},
    "GUIYAN_SPEECH_URL": {"GUIYAN_SPEECH_MODEL": "m"},
    "GUIYAN_WECOM_BASE_URL": {},
}
FOREIGN = {
    "GUIYAN_TELEGRAM_TOKEN": {"GUIYAN_TELEGRAM_TOKEN": "1:a"},
    "GUIYAN_MODEL_URL": {
        "GUIYAN_MODEL_URL": "https://api.openai.com/v1",
        "GUIYAN_MODEL_NAME": "m",
    },
    "GUIYAN_SPEECH_URL": {
        "GUIYAN_SPEECH_URL": "https://api.openai.com/v1",
        "GUIYAN_SPEECH_MODEL": "m",
    },
    "GUIYAN_WECOM_BASE_URL": {"GUIYAN_WECOM_BASE_URL": "https://qyapi.example"},
}


def _faults(deployment: str, settings: dict[str, str], folder: Path) -> list[str]:
    try:
        load({"GUIYAN_DEPLOYMENT": deployment, **settings}, folder)
    except SettingsError as fault:
        return str(fault).splitlines()
    return []


@pytest.mark.parametrize(("field", "address"), list(product(FIELDS, ADDRESSES)))
def test_gov_calls_only_addresses_inside_the_country(
    field: str, address: str, tmp_path: Path
) -> None:
    settings = {**VOUCHED, **FIELDS[field], field: address}
    faults = _faults("gov", settings, tmp_path)
    assert [fault.split()[0] for fault in faults] == ([] if ADDRESSES[address] else [field])
    assert _faults("open", settings, tmp_path) == []


@pytest.mark.parametrize("chosen", list(product([False, True], repeat=len(FOREIGN))))
def test_gov_names_each_foreign_thing_that_is_set(
    chosen: tuple[bool, ...], tmp_path: Path
) -> None:
    named = [name for name, is_set in zip(FOREIGN, chosen, strict=True) if is_set]
    settings = {key: value for name in named for key, value in FOREIGN[name].items()}
    faults = _faults("gov", settings, tmp_path)
    assert sorted(fault.split()[0] for fault in faults) == sorted(named)
    assert all("PIPL art. 36" in fault for fault in faults)
    assert _faults("open", settings, tmp_path) == []


def test_gov_lets_wecom_itself_be_called(tmp_path: Path) -> None:
    for address in ("https://qyapi.weixin.qq.com", "https://qyapi.weixin.qq.com/"):
        assert _faults("gov", {"GUIYAN_WECOM_BASE_URL": address}, tmp_path) == []


DATABASES = {
    "sqlite:///var/guiyan.db": True,
    "postgresql://localhost/guiyan": True,
    "postgresql://u:p@10.1.2.3:5432/guiyan": True,
    "postgresql:///guiyan?host=/run/postgresql": True,
    "postgresql://u:p@db.office.example/guiyan": True,
    "postgresql://u:p@db.abroad.example/guiyan": False,
    "postgresql://u:db.office.example@db.abroad.example/guiyan": False,
    "postgresql://u:p@8.8.8.8:5432/guiyan": False,
    "postgresql:///guiyan?host=db.abroad.example:5432": False,
    "postgresql://10.1.2.3,db.abroad.example/guiyan": False,
}


@pytest.mark.parametrize("url", DATABASES)
def test_gov_keeps_its_database_inside_the_country(url: str, tmp_path: Path) -> None:
    settings = {"GUIYAN_DATABASE_URL": url, "GUIYAN_SECRET_KEY": "k" * 40}
    settings["GUIYAN_MODEL_DOMESTIC_HOSTS"] = "db.office.example"
    faults = _faults("gov", settings, tmp_path)
    assert [f.split()[0] for f in faults] == ([] if DATABASES[url] else ["GUIYAN_DATABASE_URL"])
    assert not any("p@" in fault for fault in faults)
    assert _faults("open", settings, tmp_path) == []


@pytest.mark.parametrize("command", ["run", "doctor", "config"])
def test_each_command_refuses_before_anything_is_done(command: str, tmp_path: Path) -> None:
    foreign = {key: value for one in FOREIGN.values() for key, value in one.items()}
    done = subprocess.run(
        [sys.executable, "-m", "bot", command],
        cwd=tmp_path,
        env=clean_environment() | foreign | {"GUIYAN_DEPLOYMENT": "gov"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False)
    assert [name for name in FOREIGN if name in done.stderr] == list(FOREIGN)
    assert list(tmp_path.iterdir()) == []
