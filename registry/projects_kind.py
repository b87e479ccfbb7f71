"""Lists of projects: what `guiyan import projects` takes."""

from registry.lists import Kind
from registry.projects_rows import ProjectsReader, file
from registry.projects_store import store_all

PROJECTS = Kind(
    name="projects",
    columns=file().columns,
    reader=ProjectsReader,
    store=store_all,
    words=file().words,
)
