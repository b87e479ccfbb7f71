"""A helper's side of a talk, and who helps a person: dossiers, call-backs, one-line records."""
