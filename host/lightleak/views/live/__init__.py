"""Events in the terminal, as they come."""
