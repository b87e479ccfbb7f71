"""Staff pages (not built yet)."""
