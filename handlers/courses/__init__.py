"""Training in a talk: what one can sign up for, and staff's lists and attendance."""
