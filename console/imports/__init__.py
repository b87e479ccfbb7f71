"""Lists that are brought in on pages: tried first, then taken, differences decided by people."""
