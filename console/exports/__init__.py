"""What leaves with people in it: asked for, permitted, made, marked, fetched."""
