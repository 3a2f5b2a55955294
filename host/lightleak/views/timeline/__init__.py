"""A session as spans of time, whatever draws them."""
