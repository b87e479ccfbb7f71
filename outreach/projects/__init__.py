"""Projects and the people whom they fit: kept, shown, pushed."""
