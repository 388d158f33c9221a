"""The server: the dashboard's pages behind security headers. Start it with `streamlit run app.py`."""

import streamlit as st
from starlette.middleware import Middleware

from dashboard.ui.file_upload.route import upload_routes
from dashboard.ui.security import SecurityHeaders
from dashboard.ui.threshold_chart.assets import asset_routes

routes = [*asset_routes(), *upload_routes()]
app = st.App("dashboard/ui/main.py", routes=routes, middleware=[Middleware(SecurityHeaders)])
