"""A session as a Perfetto trace. ``write.export`` makes it."""
