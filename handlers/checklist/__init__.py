"""返乡创业一件事 in chat: what to do in which order, ticked off, with the next step to come."""
