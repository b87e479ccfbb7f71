"""The flow that fills in forms: opening, questions, closing, saving."""
