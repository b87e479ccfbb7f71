"""A campaign rehearsed: the real loops over stand-ins, on a clock that jumps."""
