"""The figures of a month, for staff in the talk."""
