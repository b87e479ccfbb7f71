"""Group robots: one way, into a group of our own staff."""
