"""A village cadre's side of a talk: many people entered in one message, a sweep of the doors."""
