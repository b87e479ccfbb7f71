"""What the tests of the knowledge share: the shipped packs, read and indexed once."""

from __future__ import annotations

import pytest

from knowledge.answer import Answerer
from knowledge.library import Library, load_library


@pytest.fixture(scope="session")
def library() -> Library:
    """The shipped packs."""
    return load_library()


@pytest.fixture(scope="session")
def answerer(library: Library) -> Answerer:
    """Answers from the shipped packs."""
    return Answerer(library)
