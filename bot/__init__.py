"""The program: settings, wiring, server, command line; nothing imports it."""
