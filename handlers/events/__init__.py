"""Events in a talk: answers to invitations, and staff's lines from plan to follow-up."""
