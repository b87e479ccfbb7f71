"""What people wish of the messages that they did not ask for."""
