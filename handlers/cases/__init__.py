"""Typical cases in a talk: examples near home, the teller's own word, staff's lines."""
