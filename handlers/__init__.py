"""Conversation: the one door in, and the flows behind it."""
