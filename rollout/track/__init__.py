"""Schedule + facts → Standing."""
