"""Multi-label threshold dashboard: exact trade-offs from scores and labels."""

__version__ = "0.1.0"

from dashboard.processor import prefer_fast_sort

prefer_fast_sort()
