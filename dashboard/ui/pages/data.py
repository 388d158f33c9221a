"""Data: load, map, check."""

import streamlit as st

st.title("Data", anchor=False)
