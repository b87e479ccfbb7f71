"""What we know: entries, search, answers, and the curated packs."""
