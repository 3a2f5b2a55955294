"""A session on an axis of time, for any view that draws it."""
