"""What an operator watches: each metric documented, each alert and panel of metrics that exist."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from bot.metrics import Metrics
from scheduler.jobs import JOBS

ROOT = Path(__file__).parent.parent.parent
RULES = yaml.safe_load((ROOT / "deploy/alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
DASHBOARD = json.loads((ROOT / "deploy/dashboard.json").read_text("utf-8"))
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
RUNBOOK = (ROOT / "docs/howto/runbook.md").read_text("utf-8")
REFERENCE = (ROOT / "docs/reference/metrics.md").read_text("utf-8")
OF_PROMETHEUS = {"up"}


def _exposed() -> set[str]:
    """The names that `/metrics` offers, but for what a client adds to each counter."""
    types = re.findall(r"^# TYPE (\w+) (\w+)$", Metrics().text().decode(), re.M)
    return {name for name, _ in types if not name.endswith("_created")}


def _asked(expression: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The metrics of an expression, with what their labels must equal."""
    found = [promql_parser.parse(expression.replace("$__rate_interval", "5m"))]
    while found:
        part: Any = found.pop()
        if isinstance(part, promql_parser.VectorSelector):
            yield part.name or "", {m.name: m.value for m in part.matchers.matchers}
        parts = [getattr(part, name, None) for name in ("expr", "lhs", "rhs", "vector_selector")]
        found += [one for one in [*parts, *getattr(part, "args", [])] if one is not None]


def _names(expression: str) -> set[str]:
    return {re.sub("_bucket$", "", name) for name, _ in _asked(expression)}


def test_the_reference_names_each_metric_and_no_other() -> None:
    ours = {name for name in _exposed() if name.startswith("guiyan_")}
    assert set(re.findall(r"^\| `(guiyan_\w+)` \|", REFERENCE, re.M)) == ours


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_alert_asks_for_metrics_that_there_are(rule: dict[str, Any]) -> None:
    names = _names(rule["expr"])
    assert names
    assert names <= _exposed() | OF_PROMETHEUS


@pytest.mark.parametrize("query", QUERIES)
def test_each_panel_asks_for_metrics_that_there_are(query: str) -> None:
    names = _names(query)
    assert names
    assert names <= _exposed() | OF_PROMETHEUS


@pytest.mark.parametrize("expression", [*(rule["expr"] for rule in RULES), *QUERIES])
def test_each_label_that_is_asked_for_is_in_the_reference(expression: str) -> None:
    for name, labels in _asked(expression):
        row = re.search(rf"^\| `{re.sub('_bucket$', '', name)}` \| (.*?) \|", REFERENCE, re.M)
        known = set(re.findall(r"`(\w+)`", row[1] if row else "")) | {"job"}
        assert set(labels) - {"__name__"} <= known


def test_each_metric_is_in_an_alert_or_on_the_dashboard() -> None:
    asked = set().union(*(_names(each) for each in [*QUERIES, *(r["expr"] for r in RULES)]))
    assert {name for name in _exposed() if name.startswith("guiyan_")} <= asked


def test_each_alert_has_its_section_and_each_section_its_alert() -> None:
    names = [rule["alert"] for rule in RULES]
    assert sorted(re.findall(r"^## (\w+)$", RUNBOOK, re.M)) == sorted(names)
    anchors = [rule["annotations"]["runbook"] for rule in RULES]
    assert anchors == [f"docs/howto/runbook.md#{name.lower()}" for name in names]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_section_says_how_urgent_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    section = RUNBOOK.split(f"\n## {rule['alert']}\n")[1].split("\n## ")[0]
    assert section.strip().startswith(f"**{rule['labels']['severity'].title()}.**")
    assert all(f"- {step}:" in section for step in ("Look", "Do", "Wake"))


def test_some_job_begins_each_minute_as_the_alert_believes() -> None:
    assert any(job.when.ring.total_seconds() <= 60 for job in JOBS)
