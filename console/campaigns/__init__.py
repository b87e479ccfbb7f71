"""What the pages of campaigns share: which one is meant, how it is shown, what takes long."""
