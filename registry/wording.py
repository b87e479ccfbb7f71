"""A file that says which heading and which word means what (--map): read, and begun for one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from registry.columns import Labels, Wording, bare
from registry.lists import Kind
from registry.words import Words

_SECTIONS = frozenset({"kind", "columns", "values"})


class WordingRefused(Exception):
    """The file cannot be used; one plain sentence says why."""


def read(text: str, kind: Kind) -> Wording:
    """What a map file says, checked against the columns and words of a kind."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise WordingRefused(f"it is no TOML: {fault}") from fault
    unknown = sorted(data.keys() - _SECTIONS)
    if unknown:
        raise WordingRefused(f"[{unknown[0]}] means nothing here: it takes [columns], [values.…]")
    if data.get("kind", kind.name) != kind.name:
        raise WordingRefused(f"it is for {data['kind']}, not for {kind.name}")
    labels = Labels(kind.columns, {})
    return Wording(
        columns={bare(h): _key(ours, labels) for h, ours in _table(data, "columns").items()},
        values=dict(
            _values(heading, words, labels, kind)
            for heading, words in _table(data, "values").items()
        ),
    )


def begun(kind: Kind, known: Mapping[str, str], unknown: Iterable[str]) -> str:
    """A map file to go on with: what is understood, and what is not yet."""
    lines = [
        "# 左边是表里的列名，右边是我们的列名；右边空着就是不收这一列。",
        f"# 我们的列名：{'、'.join(c.heading for c in kind.columns if not c.aside)}。",
        f'kind = "{kind.name}"',
        "",
        "[columns]",
        *(f"{_quoted(heading)} = {_quoted(ours)}" for heading, ours in known.items()),
        *(f'{_quoted(heading)} = ""' for heading in unknown),
        "",
        "# 表里的说法 = 我们认得的说法，比如：",
        *(f"# {line}" for line in _EXAMPLE if kind.name == "people"),
    ]
    return "\n".join(lines) + "\n"


_EXAMPLE = ("[values.想法]", '"拟返乡兴业" = "马上想干"')


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name, {})
    if not isinstance(found, dict):
        raise WordingRefused(f"[{name}] must be a table")
    return found


def _key(ours: object, labels: Labels) -> str:
    if ours == "":
        return ""
    column = labels.column(ours) if isinstance(ours, str) else None
    if column is None or column.aside:
        known = "、".join(c.heading for c in labels.columns.values() if not c.aside)
        raise WordingRefused(f"no column is called {ours!r}: it may be {known}")
    return column.key


def _values(
    heading: str, own: object, labels: Labels, kind: Kind
) -> tuple[str, Mapping[str, str]]:
    key = _key(heading, labels)
    known = kind.words.get(key)
    if known is None or not isinstance(own, dict):
        raise WordingRefused(f"[values.{heading}]: this column takes no words of a list")
    ours = Words(known, {})
    for word in own.values():
        if not isinstance(word, str) or not ours.knows(word):
            raise WordingRefused(f"[values.{heading}]: {word!r} is no word of ours")
    return key, {str(theirs): str(word) for theirs, word in own.items()}


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
