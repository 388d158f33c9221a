"""Panels of the Losses page: the only part of `ui` that imports `dashboard.losses`, and with it torch.

Nothing but `app_pages/losses.py` imports it, so that no other page waits for torch.
"""
