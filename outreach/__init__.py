"""Who gets what, with whose consent: pushes, campaigns, groups, reports."""
