"""Fuzz: schemathesis against the documents that the sandbox serves of itself, each with a server of its own."""
