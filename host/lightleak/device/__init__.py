"""The device side of the host, and the only importer of frida: targets, links, and the recorder above them."""
