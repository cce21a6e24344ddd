"""OpenAPI 3.1: what is emulated, described for machines, from the very objects that answer."""
