"""Rules of the house that no linter knows: environment read in one place, no test packages."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
    "root_packages"
]


def _modules() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def _mentions_environment(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(
        isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
        for node in ast.walk(tree)
    )


def test_only_the_settings_read_the_environment() -> None:
    readers = [p.relative_to(ROOT).as_posix() for p in _modules() if _mentions_environment(p)]
    assert readers == ["bot/settings.py"]


def test_only_the_sender_sends() -> None:
    callers = [
        path.relative_to(ROOT).as_posix()
        for path in _modules()
        if ".send(message)" in path.read_text(encoding="utf-8")
    ]
    assert callers == ["channels/sender.py"]


def test_no_package_hides_ours_under_tests() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_files_keep_their_size() -> None:
    long = {p.name: n for p in _modules() if (n := len(p.read_text("utf-8").splitlines())) > 500}
    assert long == {}


def test_functions_fit_a_screen() -> None:
    assert [name for path in _modules() for name in _long_functions(path)] == []


def test_every_module_says_in_a_sentence_what_it_is() -> None:
    silent = [p.name for p in _modules() if not ast.get_docstring(ast.parse(p.read_text("utf-8")))]
    assert silent == []


def _long_functions(path: Path) -> list[str]:
    if "migrations" in path.parts:
        return []
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, functions)]
    return [f"{path.name}:{n.name}" for n in nodes if (n.end_lineno or 0) - n.lineno >= 60]
