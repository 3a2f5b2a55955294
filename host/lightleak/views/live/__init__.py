"""Events as they come, in the terminal."""
