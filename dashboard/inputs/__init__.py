"""Reads people's files: bytes to arrays, arrays to Predictions, every rule and message about input."""
