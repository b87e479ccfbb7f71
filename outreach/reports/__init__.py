"""What is reported upward: figures with one definition each, and drafts of them by month."""
