"""Draws: arrays or tidy tables in, a plotly Figure out. The only folder that imports plotly.

No figure holds the threshold in use: that is an overlay of the page, so that moving it rebuilds no chart.
"""
