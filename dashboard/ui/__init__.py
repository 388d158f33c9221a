"""Talks to people: the only folder that imports streamlit."""
