"""The words every room of the house shares; it knows no provider and no web framework."""
