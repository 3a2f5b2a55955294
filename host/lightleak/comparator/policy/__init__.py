"""Policies: a rule each is held, broken or not proven."""
