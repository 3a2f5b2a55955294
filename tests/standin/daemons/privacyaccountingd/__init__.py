"""privacyaccountingd: receives what loggers send, and writes the privacy report by Apple's rules alone."""
