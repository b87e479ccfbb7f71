"""Who gets what, with whose consent (not built yet)."""
