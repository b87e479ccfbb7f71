"""One file a step; the newest is schema.HEAD."""
