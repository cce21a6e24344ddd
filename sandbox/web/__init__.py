"""The emulated APIs over HTTP: one ASGI callable in front, in which a request reads from top to bottom."""
