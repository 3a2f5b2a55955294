"""The options that several commands share, a module a subject."""
