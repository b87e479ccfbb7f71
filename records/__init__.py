"""What is stored: tables, their queries, and the message values; imports nothing of ours."""
