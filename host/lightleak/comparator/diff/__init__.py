"""What changed between two sessions."""
