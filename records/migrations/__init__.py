"""The schema's history: numbered, forward only."""
