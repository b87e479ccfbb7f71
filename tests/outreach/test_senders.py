"""Every place that queues a message: within the caps, or named here with the reason (M-10)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_PACKAGES = "bot console scheduler handlers channels outreach knowledge matching registry records"
_MAKERS = frozenset({"NewOutgoing", "a_push"})
_WRITERS = frozenset(
    {"records/outbox.py", "records/pushes.py", "records/rationing.py", "records/feeding.py"}
)

# What is not counted: an answer, a word to staff, news of what the person set going themselves.
NOT_COUNTED = {
    "bot/benching/campaign_drain.py:reply": "an answer that the benchmark measures",
    "bot/benching/rates.py:_to_a_group": "posts of a made-up group, which the benchmark measures",
    "console/factors.py:send_code": "the second step of their own signing in",
    "outreach/posting/recalling.py:_recalled": "takes a post of a group away again",
    "handlers/advance.py:_queued": "the answer of a turn",
    "handlers/desk_acts.py:_send": "staff answer whoever asked for a human",
    "handlers/handed_back.py:tell": "the end of a talk with staff, in that talk",
    "handlers/link_effects.py:_tell": "the safety of their own account",
    "handlers/wishes/effects.py:open_push": "they opened it from a digest",
    "outreach/alerts.py:_notice": "to staff",
    "outreach/broadcasts.py:tell_steward": "to staff",
    "outreach/helping/assigning.py:_tell_person": "an answer while they register, else counted",
    "outreach/helping/relaying.py:_message": "words of whom they know: capped by `passage`",
    "outreach/helping/relaying.py:_question": "the question that belongs to those words",
    "outreach/reminders.py:_message": "to staff, else counted: see _tell_staff, _tell_people",
    "outreach/ticket_news.py:tell": "news of their own request: takes the day, is never held up",
}


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for package in _PACKAGES.split():
        for path in sorted((_ROOT / package).rglob("*.py")):
            yield path.relative_to(_ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _makers(tree: ast.AST, around: str = "") -> Iterator[tuple[str, ast.Call]]:
    """Each call that makes a message, with the function that it stands in."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and _name(node) in _MAKERS:
            yield around, node
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        yield from _makers(node, getattr(node, "name", around) if is_function else around)


def _is_counted(call: ast.Call) -> bool:
    """Whether it says itself that nobody waits for it, on each path."""
    given = {each.arg: each.value for each in call.keywords}
    priority = given.get("priority", call.args[5] if len(call.args) > 5 else None)
    if priority is None:
        return _name(call) == "a_push"  # whose own default it is
    words = {getattr(node, "attr", "") for node in ast.walk(priority)} | {
        getattr(node, "id", "") for node in ast.walk(priority)
    }
    return bool(words & {"BULK", "bulk"}) and not words & {"REPLY", "NOTICE", "NEWS", "URGENT"}


def _uncounted() -> set[str]:
    found = set()
    for path, tree in _trees():
        for function, call in _makers(tree):
            if not _is_counted(call) and f"{path}:{function}" != "outreach/pushes.py:a_push":
                found.add(f"{path}:{function}")
    return found


def test_what_is_not_counted_is_named_with_its_reason() -> None:
    assert _uncounted() <= set(NOT_COUNTED)


@pytest.mark.parametrize("way", ["OutboxRow", "insert"])
def test_messages_enter_the_store_by_known_doors_only(way: str) -> None:
    found = set()
    for path, tree in _trees():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and _name(node) == way):
                continue
            names = {getattr(each, "id", "") for each in node.args}
            if way == "OutboxRow" or names & {"_OUTBOX", "OutboxRow"}:
                found.add(path)
    assert found <= _WRITERS


def test_a_new_sender_that_does_not_count_is_found() -> None:
    call = ast.parse("NewOutgoing(channel='a', chat='b', priority=Priority.NOTICE.value)")
    ((_, made),) = _makers(call)
    assert not _is_counted(made)
