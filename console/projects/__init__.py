"""The library of projects as pages show it."""
