"""Panels of the Train page; like those of the Losses page they may load torch."""
