"""Sessions and results as files for other tools."""
