"""Helper scripts: a small script next to the agent that asks or does something in a process, and is unloaded again."""
