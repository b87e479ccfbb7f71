"""The kinds of lists that can be imported: one line each."""

from registry.courses_kind import COURSES
from registry.entities_kind import ENTITIES
from registry.groups_store import GROUPS
from registry.lists import Kind
from registry.people_kind import PEOPLE
from registry.places_kind import PLACES
from registry.projects_kind import PROJECTS
from registry.sites_kind import SITES
from registry.stations_kind import STATIONS

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (PLACES, PEOPLE, ENTITIES, COURSES, PROJECTS, SITES, STATIONS, GROUPS)
}
