"""What deploy/ names is there: settings, parts, commands, ports, paths."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import SETTINGS, load
from bot.wiring import PARTS

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())


def _all(pattern: str, text: str) -> set[str]:
    return set(re.findall(pattern, text, re.MULTILINE))


def _text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_setting_that_is_named_is_one_of_ours(path: Path) -> None:
    known = {"GUIYAN_CONFIG"} | {one.variable for one in SETTINGS}
    known |= {f"{one.variable}_FILE" for one in SETTINGS if one.may_be_a_file}
    assert _all(r"\bGUIYAN_[A-Z_]+", path.read_text(encoding="utf-8")) <= known


@pytest.mark.parametrize("name", ["guiyan.toml", "kubernetes/settings.yaml"])
def test_the_settings_can_be_loaded_with_the_databases_that_are_named(
    name: str, tmp_path: Path
) -> None:
    given = re.sub(r"(?s).*guiyan\.toml: \|\n", "", _text(name)).replace("\n    ", "\n").strip()
    (tmp_path / "guiyan.toml").write_text(given, encoding="utf-8")
    secrets = {"GUIYAN_DATABASE_URL": "postgresql://a:b@postgres/guiyan", "GUIYAN_SECRET_KEY": "k"}
    assert load(secrets, tmp_path).deployment == tomllib.loads(given)["deployment"] == "gov"


def test_each_part_has_a_service_a_deployment_a_budget_and_a_file() -> None:
    assert _all(r'"--only", "(\w+)"', _text("compose.yml")) == set(PARTS)
    assert _all(r'"--only", "(\w+)"', _text("kubernetes/parts.yaml")) == set(PARTS)
    assert _all(r"component: (\w+)", _text("kubernetes/disruption.yaml")) == set(PARTS)
    assert {path.stem for path in (DEPLOY / "systemd" / "parts").glob("*.env")} == set(PARTS)


def test_each_command_of_the_units_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    units = "".join(path.read_text() for path in (DEPLOY / "systemd").glob("*.service"))
    commands = _all(r"ExecStart=\S+/guiyan (\w+)", units)
    assert commands >= {"run"}
    for command in commands:
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0


def test_the_parts_on_one_machine_have_ports_of_their_own_and_nginx_knows_web_s() -> None:
    files = {p.stem: p.read_text() for p in (DEPLOY / "systemd" / "parts").glob("*.env")}
    ports = {name: re.findall(r"PORT=(\d+)", text)[0] for name, text in files.items()}
    assert len(set(ports.values())) == len(PARTS)
    assert f"server 127.0.0.1:{ports['web']} " in _text("nginx/upstream.conf")


def test_the_image_takes_every_package_and_nothing_else() -> None:
    packages = _all(r"COPY (\w+) /opt/guiyan/app", _text("Dockerfile"))
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = set(built["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    assert packages == wanted == _all(r"!(\w+)\n", _text("Dockerfile.dockerignore"))


def test_kubernetes_reaches_what_is_listened_on() -> None:
    parts = _text("kubernetes/parts.yaml")
    assert _all(r"containerPort: (\d+)", parts) == _all(r'"--port", "(\d+)"', parts) == {"8080"}
    assert _all(r"path: (/\w+z)", parts) == {"/healthz", "/readyz"}


def test_the_ingress_lets_in_what_is_served_to_the_world_and_nothing_else() -> None:
    reference = (ROOT / "docs" / "reference" / "http.md").read_text(encoding="utf-8")
    served = {f"/{path}" for path in _all(r"^\| `GET /([\w.-]*)", reference)}
    let_in = _all(r"- path: (/[\w.-]*)", _text("kubernetes/service.yaml"))
    assert let_in - {"/telegram"} == served - {"/healthz", "/readyz", "/metrics"}


def test_the_alert_of_memory_rings_before_a_pod_is_ended() -> None:
    rings_at = int(_all(r"process_resident_memory_bytes.* > (\d+)", _text("alerts.yml")).pop())
    limits = _all(r"limits:\s+memory: (\d+)Gi", _text("kubernetes/parts.yaml"))
    assert _text("kubernetes/parts.yaml").count("limits:") == len(PARTS)
    assert all(int(limit) * 2**30 > rings_at for limit in limits)
