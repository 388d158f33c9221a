"""The reverse proxy of the README, as it stands there: pages, websocket, uploads and links below the prefix."""

import re
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, settled
from tests.browser.test_uploads import _choose, _open_uploader
from tests.security.conftest import BASE, served
from tests.servers import app_command, free_port, own_folders, wait_until_healthy

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="the binary of nginx is not installed")
# Around the README's lines: everything nginx writes stays in the test's folder, as an ordinary user.
CONFIGURATION = """
daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
    {log_format}
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; {locations} }}
}}
"""


def _configuration(folder: Path, port: int, app_port: int) -> str:
    """The README's lines, with the port of the app and the place of the log changed and nothing else."""
    lines = re.search(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)[1]
    assert "127.0.0.1:8501" in lines and "/var/log/nginx/" in lines
    locations = lines.replace("127.0.0.1:8501", f"127.0.0.1:{app_port}").replace("/var/log/nginx", str(folder))
    log_format = re.search(r"# in http \{ \}: (log_format .+)", lines)[1]
    return CONFIGURATION.format(folder=folder, port=port, locations=locations, log_format=log_format)


def _answer(url: str) -> int:
    try:
        return urllib.request.urlopen(url, timeout=5).status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    """The address of the app behind nginx, and the log that nginx writes."""
    folder, port, app_port = tmp_path_factory.mktemp("proxy"), free_port(), free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(_configuration(folder, port, app_port))
    own = own_folders(folder) | {"STREAMLIT_SERVER_BASE_URL_PATH": BASE}
    with served(app_command(app_port), app_port, BASE, folder / "app.log", own):
        nginx = subprocess.Popen([NGINX, "-c", str(configuration), "-e", str(folder / "error.log")])
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}/{BASE}", nginx)
            yield f"http://127.0.0.1:{port}/{BASE}", folder / "dashboard.log"
        finally:
            nginx.terminate()
            nginx.wait(timeout=20)


def test_the_app_works_below_the_prefix_and_keeps_links_out_of_the_log(new_visitor, proxy, tmp_path):
    url, log = proxy
    page = new_visitor()
    page.goto(url)
    expect(page.locator(".st-key-metric_chart .js-plotly-plot")).to_be_visible()
    field = settled(page).get_by_role("spinbutton", name="Exact value").first
    field.fill("0.3")
    field.press("Enter")
    expect(page.locator(".st-key-sentence")).to_contain_text("At 0.3")
    page.get_by_role("link", name="Data").click()
    np.save(tmp_path / "scores.npy", np.zeros((1000, 50)))
    _choose(_open_uploader(settled(page)), tmp_path / "scores.npy")
    expect(page.get_by_text("scores.npy has arrived", exact=False)).to_be_visible()
    page.get_by_role("link", name="Reviews").click()
    page.get_by_role("button", name="Save and make links").click()
    expect(page.get_by_test_id("stCode")).to_have_count(2)
    link = page.get_by_test_id("stCode").first.inner_text().strip()
    assert link.startswith(f"{url}/?review=")
    other = new_visitor()
    other.goto(link)
    expect(other.locator(".st-key-header")).to_contain_text("as in the review")
    assert _answer(f"{url}/health") == 200
    assert _answer(f"{url}/_stcore/metrics") == 404
    written = log.read_text()
    assert f"GET /{BASE}/ 200" in written and link.split("=")[1] not in written
