"""Webhook check: a webhook is tried with everything its provider may send it, and told what it makes of that."""
