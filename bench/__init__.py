"""The speed bench: the sandbox beside yardsticks, measured side by side so that only ratios count."""
