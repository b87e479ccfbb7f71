"""What pictures are drawn from: counts by SQL, each with its definition."""
