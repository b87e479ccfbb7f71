"""Tables that staff may read and mend: which office a matter is for."""
