"""Find by halves which probes an app does not bear: ``lightleak doctor APP --bisect``."""
