"""Sessions and results in other tools' formats."""
