"""Staff in chat: how many people there are of a kind, and the tags that they put on people."""
