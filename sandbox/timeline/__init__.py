"""Timeline: what happened to one account as one tree, in time order, with the reason of each thing."""
