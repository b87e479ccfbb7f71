"""Talks at the stalls of a campaign, counted in chat by who stands there."""
