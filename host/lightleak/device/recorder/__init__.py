"""Record events from one or many processes into a session."""
