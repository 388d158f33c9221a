"""The server: the dashboard's pages behind security headers. Start it with `streamlit run app.py`."""

import streamlit as st
from starlette.middleware import Middleware

from dashboard.ui.file_upload.route import upload_routes, uploads_until_shutdown
from dashboard.ui.security import SecurityHeaders
from dashboard.ui.send_at_once import SendAtOnce
from dashboard.ui.threshold_chart.assets import asset_routes
from dashboard.ui.threshold_chart.early import EarlyCharts

app = st.App(
    "dashboard/ui/main.py",
    routes=[*asset_routes(), *upload_routes()],
    lifespan=uploads_until_shutdown,
    middleware=[Middleware(SecurityHeaders), Middleware(EarlyCharts), Middleware(SendAtOnce)],
)
