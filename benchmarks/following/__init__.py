"""Status and due beside loading and validating the same files."""
