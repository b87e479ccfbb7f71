"""Rules about people: pure."""
