"""The one way to the content: load the packs, or list everything that is wrong in them."""

from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from knowledge.checking import faults_between
from knowledge.reading import EntryFault, Fault
from knowledge.shelf import Library, Pack, Shelf

__all__ = ["EntryFault", "Fault", "Library", "Pack", "check", "load_library"]


def load_library(
    areas: Sequence[str] | None = None, root: Traversable | Path | None = None
) -> Library:
    """All packs, or those of the areas named; a broken file stops the loading with its fault."""
    shelf = Shelf(root)
    library = shelf.library()
    if shelf.faults:
        raise EntryFault(shelf.faults[0])
    return library.only(areas) if areas is not None else library


def check(root: Traversable | Path | None = None) -> list[Fault]:
    """Every fault of every content file."""
    shelf = Shelf(root)
    library = shelf.library()
    return shelf.faults + faults_between(library, shelf.pages)
