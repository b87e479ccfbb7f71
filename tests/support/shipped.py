"""The entries that the program is shipped with, read once for all tests that ask for them."""

from __future__ import annotations

from functools import cache

from knowledge.answer import Answerer
from knowledge.library import load_library


@cache
def shipped() -> Answerer:
    """What answers with the shipped entries."""
    return Answerer(load_library())
