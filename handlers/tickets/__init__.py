"""Requests beyond one talk: moved, clocked, applied for, asked about."""
