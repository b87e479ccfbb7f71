"""The one way to the content: load the packs, or list everything that is wrong in them."""

from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path

from knowledge import place_lists, targets
from knowledge.checking import faults_between, faults_of_facts
from knowledge.pages import EntryFault, Fault, named_in
from knowledge.shelf import AS_SHIPPED, Edited, Library, NoPack, Pack, Reading, Shelf, is_page

__all__ = [
    "EntryFault",
    "Fault",
    "Library",
    "NoPack",
    "Pack",
    "check",
    "faults_in",
    "in_service",
    "load_library",
    "our_shelf",
]


@cache
def our_shelf() -> Shelf:
    """The shipped packs, kept as they were read."""
    return Shelf()


def load_library(
    areas: Sequence[str] | None = None, root: Traversable | Path | None = None
) -> Library:
    """All packs, or those of the areas named (else NoPack); a broken file raises its fault."""
    reading = Shelf(root).read()
    for fault in reading.faults or faults_of_facts(reading):
        raise EntryFault(fault)
    return reading.library.only(areas) if areas is not None else reading.library


def check(root: Traversable | Path | None = None, edited: Edited = AS_SHIPPED) -> list[Fault]:
    """Every fault of every content file, with the edited pages in front of the shipped ones."""
    entries = faults_in((Shelf(root) if root else our_shelf()).read(edited))
    return [*entries, *place_lists.faults(root), *targets.faults(root)]


def faults_in(reading: Reading, folders: Collection[str] | None = None) -> list[Fault]:
    """Every fault of what was read; between files only in these folders, where any are named."""
    return [*reading.faults, *faults_between(reading, folders)]


def in_service(edited: Edited, shelf: Shelf | None = None) -> tuple[Library, dict[str, Fault]]:
    """The library to answer from, and the edited pages that were left out, each with its fault.

    A page that cannot be used must not stop the service: what it stood in front of is served.
    Only a fault of the shipped packs themselves is raised.
    """
    shelf = shelf or our_shelf()
    usable = {path: words for path, words in edited.items() if is_page(path)}
    left_out = {p: Fault(p, 1, "这不是内容文件的名字") for p in edited.keys() - usable.keys()}
    while True:
        reading = shelf.read(usable)
        faults = [*reading.faults] or faults_of_facts(reading)
        if not faults:
            return reading.library, left_out
        guilty = _guilty(usable, faults)
        if not guilty:
            raise EntryFault(faults[0])
        left_out |= guilty
        usable = {path: words for path, words in usable.items() if path not in guilty}


def _guilty(edited: Edited, faults: Sequence[Fault]) -> dict[str, Fault]:
    """The edited pages at fault; where none is, those that a fault names, or all of its area."""
    own = {fault.file: fault for fault in reversed(faults) if fault.file in edited}
    found = own or {p: f for f in faults for p in edited if Path(p).stem in named_in(f)}
    if found:
        return found
    folders = {_folder(fault.file) for fault in faults}
    near = [path for path in edited if _folder(path) in folders]
    return dict.fromkeys(near or edited, faults[0])


def _folder(file: str) -> str:
    place = Path(file).parent
    return place.parent.name if place.name == "policies" else place.name
