"""Multi-label threshold dashboard: exact trade-offs from scores and labels."""

__version__ = "0.1.0"
