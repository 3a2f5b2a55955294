"""A session's events as columns: decoded once, read by everything that compares."""
