"""The server: the dashboard's pages behind security headers. Start it with `streamlit run app.py`."""

import streamlit as st
from starlette.middleware import Middleware

from dashboard.processor import wait_asleep
from dashboard.settings import read_settings
from dashboard.ui.file_upload.route import upload_routes, uploads_until_shutdown
from dashboard.ui.health import health_routes, writes_to
from dashboard.ui.lifespan import tidied, together
from dashboard.ui.reviews.kept import check_database
from dashboard.ui.security import SecurityHeaders
from dashboard.ui.send_at_once import SendAtOnce
from dashboard.ui.server_log import logged, report_failure
from dashboard.ui.threshold_chart.assets import asset_routes
from dashboard.ui.threshold_chart.early import EarlyCharts

wait_asleep()
settings = read_settings()
checks = {"uploads": writes_to(settings.upload_folder), "trainings": writes_to(settings.training_folder)}
if not (settings.database_url and settings.blob_url):
    checks["reviews"] = writes_to(settings.review_folder)

app = st.App(
    "dashboard/ui/main.py",
    routes=[*asset_routes(), *upload_routes(), *health_routes(checks, {"reviews": check_database})],
    lifespan=together(logged, uploads_until_shutdown, tidied),
    middleware=[Middleware(SecurityHeaders), Middleware(EarlyCharts), Middleware(SendAtOnce)],
    on_script_error=report_failure,
)
