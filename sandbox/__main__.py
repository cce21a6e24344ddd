"""Main: `python -m sandbox` is `messaging-sandbox`."""

from sandbox.cli import main

main()
