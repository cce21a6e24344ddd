"""Webex Connect Messaging, API versions 1 and 2: one service, one account."""
