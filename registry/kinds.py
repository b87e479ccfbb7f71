"""The kinds of lists that can be imported: one line each."""

from registry.courses_kind import COURSES
from registry.entities_kind import ENTITIES
from registry.lists import Kind
from registry.people_kind import PEOPLE
from registry.projects_kind import PROJECTS

KINDS: dict[str, Kind] = {kind.name: kind for kind in (PEOPLE, ENTITIES, COURSES, PROJECTS)}
