"""The server: the dashboard's pages behind security headers. Start it with `streamlit run app.py`."""

import streamlit as st
from starlette.middleware import Middleware

from dashboard.ui.file_upload.route import upload_routes
from dashboard.ui.security import SecurityHeaders

app = st.App("dashboard/ui/main.py", routes=[*upload_routes()], middleware=[Middleware(SecurityHeaders)])
