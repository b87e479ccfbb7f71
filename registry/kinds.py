"""The kinds of lists that can be imported: one line each."""

from registry.lists import Kind
from registry.people_kind import PEOPLE

KINDS: dict[str, Kind] = {kind.name: kind for kind in (PEOPLE,)}
