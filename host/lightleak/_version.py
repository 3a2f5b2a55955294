"""The version of lightleak, in one place."""

__version__ = "0.1.0"
