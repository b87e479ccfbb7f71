"""Staff pages: one table of them, each with its right."""
