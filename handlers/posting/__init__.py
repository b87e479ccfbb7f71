"""群发 in a talk: mentors and stewards post to their groups, the county reads first."""
