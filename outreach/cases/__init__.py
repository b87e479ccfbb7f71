"""Typical cases: who may be told of, by whose leave, and who keeps copies (F-CASE)."""
