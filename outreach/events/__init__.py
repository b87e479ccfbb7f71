"""Events: who is invited and reminded, and what follows within seven days (F-EVENT, J8)."""
