"""一人一档: what is read of a person, and how it is put for who reads."""
