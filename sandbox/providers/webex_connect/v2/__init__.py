"""Messaging API v2, as the document "Send Message v2" describes it."""
