"""Staff ask for the web console, and get a link that signs them in once."""
