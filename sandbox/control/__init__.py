"""The control API: what tests, the command line, the plugin and the page drive the sandbox with."""
