"""Tasks of units in a staff's talk: the list, one, done with evidence, handed on."""
