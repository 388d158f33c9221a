"""Fits small models: the sample data's digits and many loss variants at once. Knows nothing of screens."""
