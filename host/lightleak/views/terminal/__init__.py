"""Results for people, as text and tables for the terminal."""
