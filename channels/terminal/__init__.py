"""The terminal: the same conversation, a line in and replies out."""
