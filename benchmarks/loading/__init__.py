"""Loading and validating beside whatever else reads the same files."""
