"""The device side of the host and the only importer of frida: devices, processes, the agent, the recorder."""
