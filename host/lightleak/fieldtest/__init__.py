"""The field test: confirm on a real phone what the tool assumes about iOS, step by step, and write which assumptions hold."""
