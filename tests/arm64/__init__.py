"""An emulated arm64 machine, and the tests that run in it: scripts/test-arm64."""
