"""Campaigns in the talk of staff: seen, agreed to, halted and counted."""
