"""Inputs that no one meant, for all commands at once: a grammar, a mutator, and a judge."""
