"""The demo: a sample bot, and the show that it plays with a scripted person."""
