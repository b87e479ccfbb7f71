"""Lists of people: what `guiyan import people` takes."""

from registry.lists import Kind
from registry.people import store_all
from registry.people_columns import columns, words
from registry.people_rows import PeopleReader

PEOPLE = Kind(
    name="people",
    columns=columns(),
    reader=PeopleReader,
    store=store_all,
    words=words(),
    needs_basis=True,
)
