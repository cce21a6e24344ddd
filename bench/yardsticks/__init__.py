"""Small servers and a client of known cost that the sandbox is measured against."""
