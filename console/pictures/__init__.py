"""Pictures drawn on the server: SVG that is read aloud, printed, and seen without its colours."""
