"""People who help: who looks after whom, what is due, what was done, what became of it."""
