"""Projects in a chat: cards, vacant places, demands, one's own project, what each lack needs."""
