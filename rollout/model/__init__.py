"""The nouns: finished, immutable values that rooms hand to each other."""
