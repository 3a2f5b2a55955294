"""The comparison of many runs: figures per hour, what is pooled and what is not, and version against version."""
