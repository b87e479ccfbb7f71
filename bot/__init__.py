"""The program: settings, wiring, server, command line; nothing imports it."""

__version__ = "0.1.0"  # the image has the code without the package's metadata
