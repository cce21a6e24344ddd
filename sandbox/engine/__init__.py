"""The person at the other end: scenarios, what they may do, and the engine that plays them."""
