"""Messaging API v1, as the document "Send Message v1" describes it."""
