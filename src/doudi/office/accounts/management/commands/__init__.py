"""Commands of this office."""
