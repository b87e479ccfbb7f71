"""The entries of the areas that the settings name."""

from __future__ import annotations

from bot.settings import SettingsError
from knowledge.library import Library, NoPack, load_library


def library_of(areas: tuple[str, ...]) -> Library:
    """The packs of these areas, all if none is named; SettingsError where there is no pack."""
    try:
        return load_library(areas or None)
    except NoPack as fault:
        known = ", ".join(fault.known)
        raise SettingsError(
            f"GUIYAN_AREAS: no pack for {fault.name!r}, only for {known}"
        ) from None
