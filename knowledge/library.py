"""The one way to the content: load the packs, or list everything that is wrong in them."""

from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from knowledge.checking import faults_between, faults_of_facts
from knowledge.reading import EntryFault, Fault
from knowledge.shelf import Library, NoPack, Pack, Shelf

__all__ = ["EntryFault", "Fault", "Library", "NoPack", "Pack", "check", "load_library"]


def load_library(
    areas: Sequence[str] | None = None, root: Traversable | Path | None = None
) -> Library:
    """All packs, or those of the areas named (else NoPack); a broken file raises its fault."""
    shelf = Shelf(root)
    library = shelf.library()
    for fault in shelf.faults or faults_of_facts(library, shelf.pages):
        raise EntryFault(fault)
    return library.only(areas) if areas is not None else library


def check(root: Traversable | Path | None = None) -> list[Fault]:
    """Every fault of every content file."""
    shelf = Shelf(root)
    library = shelf.library()
    return shelf.faults + faults_between(library, shelf.pages)
