"""The rules of contract section 4, over columns."""
