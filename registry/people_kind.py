"""Lists of people: what `guiyan import people` takes."""

from registry.lists import Kind
from registry.people import store_ready
from registry.people_columns import columns, words
from registry.people_rows import PeopleReader
from registry.ready_people import ready

PEOPLE = Kind(
    name="people",
    columns=columns(),
    reader=PeopleReader,
    store=store_ready,
    prepare=ready,
    words=words(),
    needs_basis=True,
)
