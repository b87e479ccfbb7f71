"""Reports on pages: made in the background, looked at, opened figure by figure, taken along."""
