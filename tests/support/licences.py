"""docs/reference/licences.md, made from what the locked packages say of themselves.

`python -m tests.support.licences` writes it anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "licences.md"
_START, _END = "<!-- made -->", "<!-- end -->"
_LOCKED = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)", re.M)

# Whoever passes the program on keeps the notice; the last three ask for more, said on the page.
ACCEPTED = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0",
     "MIT-CMU", "PSF-2.0", "Zlib", "LGPL-3.0-only", "MPL-2.0", "OFL-1.1"}
)  # fmt: skip
# As their metadata spell it without SPDX.
_SPELT = {
    "Apache 2": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License": "Apache-2.0",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "PSFL": "PSF-2.0",
}
# Said too loosely, or not installed on every system: read in their own licence files.
_READ = {
    "colorama": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "markdown-it-py": "MIT",
    "mdurl": "MIT",
    "segno": "BSD-3-Clause",
    "uvloop": "Apache-2.0 OR MIT",
}


class Licensed(NamedTuple):
    """A locked package and its licence as an SPDX expression, "" where none can be told."""

    name: str
    version: str
    licence: str

    @property
    def parts(self) -> set[str]:
        """The licences in the expression."""
        return set(re.findall(r"[\w.-]+", self.licence)) - {"AND", "OR", "WITH"}


def locked() -> list[Licensed]:
    """Every package of requirements.lock, in order; twice where an older Python has another."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    return [Licensed(name, version, _licence(name)) for name, version in _LOCKED.findall(lock)]


def _licence(name: str) -> str:
    if name in _READ:
        return _READ[name]
    said = metadata.metadata(name).json
    spelt = str(said.get("license_expression") or said.get("license") or "")
    return _SPELT.get(spelt, spelt)


def table() -> str:
    """The part of the page that is made."""
    return "\n".join((_START, *_rows(), _END))


def _rows() -> Iterator[str]:
    yield "| package | version | licence |"
    yield "|---|---|---|"
    for each in locked():
        yield f"| {each.name} | {each.version} | {each.licence} |"


def made(page: str) -> str:
    """The page with its table anew."""
    head, _, rest = page.partition(_START)
    return head + table() + rest.partition(_END)[2]


if __name__ == "__main__":
    PAGE.write_text(made(PAGE.read_text("utf-8")), "utf-8")
