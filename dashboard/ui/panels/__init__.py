"""Parts of pages: each draws one answer from a view."""
