"""Files → Programme."""
