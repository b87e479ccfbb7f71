"""Contact groups: which there are, who keeps them, how large they are."""
