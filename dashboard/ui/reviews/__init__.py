"""Reviews on screen: opened by their link, saved, shared, argued over and decided."""
