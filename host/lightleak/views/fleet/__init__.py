"""The report of a store: for the terminal, and as one HTML page."""
