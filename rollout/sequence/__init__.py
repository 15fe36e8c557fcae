"""Programme → Schedule."""
