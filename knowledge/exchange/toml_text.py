"""Content written as files of the entry format, and blocks exchanged inside a file."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?")
_NOTHING = re.compile(r"\s*(#.*)?")
_SHORT = 60  # a list of words that fits on a line


def entry_text(data: Mapping[str, Any], order: Sequence[str]) -> str:
    """An entry's file."""
    keys = sorted(data, key=lambda key: order.index(key) if key in order else len(order))
    plain = [key for key in keys if not _is_tables(data[key])]
    parts = ["".join(f"{_key(key)} = {_value(data[key])}\n" for key in plain)]
    parts += (_tables(key, data[key]) for key in keys if key not in plain and data[key])
    return "\n".join(parts)


def _is_tables(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    )


def _tables(key: str, value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(f"[[{_key(key)}]]\n{_pairs(one)}" for one in value)
    if not all(isinstance(one, dict) for one in value.values()):
        return f"[{_key(key)}]\n{_pairs(value, whole=True)}"
    return "\n".join(f"[{_key(key)}.{_key(n)}]\n{_pairs(one)}" for n, one in value.items())


def document_block(key: str, data: Mapping[str, Any]) -> str:
    """A document of pack.toml."""
    return f"[documents.{_key(key)}]\n{_pairs(data)}"


def silence_block(data: Mapping[str, Any]) -> str:
    """A matter of unknowns.toml."""
    plain = {key: value for key, value in data.items() if key != "asked_as"}
    block = f"[[unknown]]\n{_pairs(plain)}"
    asked = data.get("asked_as")
    return f"{block}[unknown.asked_as]\n{_pairs(asked, whole=True)}" if asked else block


def _pairs(data: Mapping[str, Any], *, whole: bool = False) -> str:
    return "".join(f"{_key(k)} = {_value(v, whole=whole)}\n" for k, v in data.items())


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _string(key)


def _value(value: Any, *, whole: bool = False) -> str:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        items = [_value(one) for one in value]
        line = f"[{', '.join(items)}]"
        return line if whole or len(line) <= _SHORT else f"[\n  {f',{_BREAK}'.join(items)},\n]"
    return str(value)


_BREAK = "\n  "


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


class Blocks:
    """A file as its blocks, so that one is exchanged and every other stays as it was written."""

    def __init__(self, text: str, table: str) -> None:
        self._start = ""
        self._blocks: list[tuple[str, str]] = []  # (header, text)
        for header, block in _split(text, table):
            if header:
                self._blocks.append((header, block))
            else:
                self._start = block

    def put(self, header: str, block: str, *, nth: int = 0) -> None:
        """Exchange the nth block under this header, or add one at the end."""
        places = [i for i, (name, _) in enumerate(self._blocks) if name == header]
        if nth < len(places):
            rest = _remainder(self._blocks[places[nth]][1])
            self._blocks[places[nth]] = (header, block + rest)
        else:
            self._blocks.append((header, block if not self.text.strip() else f"\n{block}"))

    def drop(self, header: str, *, nth: int) -> None:
        """Take the nth block under this header out."""
        place = [i for i, (name, _) in enumerate(self._blocks) if name == header][nth]
        del self._blocks[place]

    @property
    def text(self) -> str:
        """The whole file."""
        whole = self._start
        for _, block in self._blocks:
            whole += block if not whole or whole.endswith("\n") else f"\n{block}"
        return whole


def _split(text: str, table: str) -> Iterator[tuple[str, str]]:
    """(header, block); a subtable of `table` belongs to the block before it."""
    header, kept = "", ""
    for line in text.splitlines(keepends=True):
        name = _header(line)
        if name and not (header and name.startswith(f"{table}.") and header == table):
            yield header, kept
            header, kept = name, ""
        kept += line
    yield header, kept


def _header(line: str) -> str:
    found = _HEADER.fullmatch(line.rstrip("\r\n"))
    if found is None or found.group(2).startswith(("'", '"')) or "," in found.group(2):
        return ""
    return re.sub(r"[\s\"']", "", found.group(2))


def _remainder(block: str) -> str:
    """Blank lines and remarks at the end of a block, which belong to what follows."""
    lines = block.splitlines(keepends=True)
    last = max(i for i, line in enumerate(lines) if not _NOTHING.fullmatch(line.rstrip("\r\n")))
    return "".join(lines[last + 1 :])


def parsed(text: str) -> dict[str, Any]:
    """A file's data; {} where it cannot be read, which its page says elsewhere."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
