"""One module for each noun; what a module lists in PAGES is served."""
