"""What the pages of events share: which one is meant, and how it is shown."""
