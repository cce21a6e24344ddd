"""Snapshot: the whole state of a sandbox as one JSON document, and a state made of such a document again."""
