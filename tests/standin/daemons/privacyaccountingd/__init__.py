"""privacyaccountingd: receives what loggers send, and writes the privacy report by the rules of the facts alone."""
