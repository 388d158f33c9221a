"""What is sent to a browser and what is believed of what comes back; the scripts that are served and nothing else."""

import math

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.ui.address import Threshold
from dashboard.ui.threshold_chart import (
    MAX_RELEASES,
    Mark,
    Release,
    _sent,
    line_mark,
    parse_releases,
    released_threshold,
)
from dashboard.ui.threshold_chart.assets import PLOTLY, SCRIPTS, asset_routes, assets_folder
from dashboard.ui.threshold_chart.early import EarlyCharts

REVISION = "0123456789abcdef"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"id": "common", "value": 0.25}, Release("common", value=0.25)),
        ({"id": "3", "vertex": 12}, Release("3", vertex=12)),
        ({"id": "common", "value": 1}, Release("common", value=1.0)),
    ],
)
def test_parse_releases_reads_what_the_hand_sends(sent, expected):
    assert parse_releases({"revision": REVISION, "releases": [sent]}, REVISION) == [expected]


def test_parse_releases_reads_all_that_were_not_answered_yet():
    releases = [{"id": "1", "value": 0.1}, None, {"id": "2", "vertex": 4}]
    parsed = parse_releases({"revision": REVISION, "releases": releases}, REVISION)
    assert parsed == [Release("1", value=0.1), Release("2", vertex=4)]
    assert len(parse_releases({"revision": REVISION, "releases": releases[:1] * 100}, REVISION)) == MAX_RELEASES


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "0.3",
        [],
        {"id": "common"},
        {"id": 3, "value": 0.3},
        {"id": "common", "value": math.nan},
        {"id": "common", "value": math.inf},
        {"id": "common", "value": 10**400},
        {"id": "common", "value": "0.3"},
        {"id": "common", "value": True},
        {"id": "3", "vertex": True},
        {"id": "3", "vertex": -1},
        {"id": "3", "vertex": 1.5},
    ],
)
def test_parse_releases_believes_nothing_else(sent):
    assert parse_releases({"revision": REVISION, "releases": [sent]}, REVISION) == []
    assert parse_releases(sent, REVISION) == []


def test_a_release_over_another_chart_is_dropped():
    assert parse_releases({"revision": "another", "releases": [{"id": "common", "value": 0.3}]}, REVISION) == []


def test_released_threshold_on_either_axis():
    assert released_threshold(Release("common", value=0.3), "probability", "logits") == Threshold(0.3)
    assert released_threshold(Release("common", value=0.3), "logit", "logits") == Threshold(0.3, on_logit_scale=True)
    of_probabilities = released_threshold(Release("common", value=0.0), "logit", "probabilities")
    assert of_probabilities == Threshold(0.5)
    assert released_threshold(Release("common", value=1.2), "probability", "logits") is None
    assert released_threshold(Release("common", vertex=2), "probability", "logits") is None


def test_infinities_travel_as_text_and_nowhere_as_null():
    assert _sent(line_mark("c", Threshold(math.nan), "logit", ""))["x"] == "Infinity"
    assert _sent(line_mark("c", Threshold(0.0), "logit", ""))["x"] == "-Infinity"
    assert _sent(Mark("3", math.nan, "", "", y=math.nan)) == {"id": "3", "x": None, "label": "", "text": "", "y": None}


@pytest.fixture
def client():
    return TestClient(Starlette(routes=asset_routes()), client=("127.0.0.1", 5000))


def test_scripts_and_plotly_are_served_for_good(client):
    for name in (*(path.name for path in SCRIPTS.glob("*.js")), PLOTLY):
        response = client.get(f"/{assets_folder()}{name}")
        assert response.status_code == 200 and len(response.content) > 100
        assert response.headers["content-type"].startswith("text/javascript")
        assert "immutable" in response.headers["cache-control"]


def test_a_distant_browser_gets_plotly_compressed():
    distant = TestClient(Starlette(routes=asset_routes()), client=("10.1.2.3", 5000))
    response = distant.get(f"/{assets_folder()}{PLOTLY}", headers={"accept-encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) < len(response.content) / 2
    plain = distant.get(f"/{assets_folder()}{PLOTLY}", headers={"accept-encoding": "br"})
    assert plain.content == response.content


def test_an_address_of_another_version_is_not_answered(client):
    assert client.get(f"/chart-assets/{'0' * 16}/hand.js").status_code == 404


@pytest.mark.parametrize("name", ["assets.py", "../assets.py", "..%2fassets.py", "nothing.js"])
def test_nothing_else_is_served(client, name):
    assert client.get(f"/{assets_folder()}{name}").status_code == 404


PAGE = "<html><head><title>t</title></head><body></head></body></html>"


def _answer(path, *, accept="text/html,*/*", content_type="text/html", status=200, middleware=(), body=PAGE):
    def respond(request):
        return Response(body, status, {"etag": "old"}, media_type=content_type)

    layers = [Middleware(EarlyCharts), *middleware]
    app = Starlette(routes=[Route("/{rest:path}", respond)], middleware=layers)
    return TestClient(app).get(path, headers={"accept": accept, "accept-encoding": "gzip"})


@pytest.mark.parametrize("middleware", [(), (Middleware(GZipMiddleware, minimum_size=1),)])
def test_a_page_with_charts_starts_plotly_early(middleware):
    answer = _answer("/classes", middleware=middleware)
    head, _, rest = answer.text.partition("</head>")
    assert head.startswith("<html><head><title>t</title>") and rest == "<body></head></body></html>"
    assert f'<link rel="preload" as="script" href="./{assets_folder()}{PLOTLY}">' in head
    assert f'<link rel="modulepreload" href="./{assets_folder()}hand.js">' in head
    assert f'<script type="module" src="./{assets_folder()}early.js"></script>' in head
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "etag" not in answer.headers, "a browser would keep the addresses of an older version"


@pytest.mark.parametrize(
    "asked",
    [
        {"path": "/data"},
        {"path": "/", "accept": "*/*"},
        {"path": "/x", "content_type": "text/javascript"},
        {"path": "/x", "status": 404},
    ],
)
def test_other_responses_pass_as_they_are(asked):
    answer = _answer(**asked)
    assert answer.text == PAGE and answer.headers["etag"] == "old"
