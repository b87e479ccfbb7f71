"""Training: who gets a seat, who moves up, what is due to whom, what came of it (F-TRAIN)."""
