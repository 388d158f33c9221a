"""Settings of the host, from the environment."""

import re

import pytest

from dashboard.settings import Settings, read_settings


def test_defaults_where_nothing_is_set():
    assert read_settings({}) == Settings()


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("DASHBOARD_VISITORS", "7", "visitors", 7),
        ("DASHBOARD_UNUSED_MINUTES", "0.5", "unused_minutes", 0.5),
        ("DASHBOARD_ADMIN", "1", "admin", True),
        ("DASHBOARD_ADMIN", "0", "admin", False),
        ("DASHBOARD_LOG_LEVEL", "debug", "log_level", "debug"),
        ("DASHBOARD_LOG_FORMAT", "", "log_format", "json"),
        (
            "DASHBOARD_FRAME_ANCESTORS",
            "'self' https://huggingface.co",
            "frame_ancestors",
            "'self' https://huggingface.co",
        ),
    ],
)
def test_values_are_read(variable, text, name, value):
    assert getattr(read_settings({variable: text}), name) == value


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("DASHBOARD_VISITORS", "0"),
        ("DASHBOARD_VISITORS", "many"),
        ("DASHBOARD_ARRAY_BYTES", "-1"),
        ("DASHBOARD_ADMIN", "yes"),
        ("DASHBOARD_LOG_LEVEL", "loud"),
        ("DASHBOARD_LOG_FORMAT", "xml"),
        ("DASHBOARD_FRAME_ANCESTORS", "*"),
        ("DASHBOARD_FRAME_ANCESTORS", "'self'; script-src *"),
        ("DASHBOARD_FRAME_ANCESTORS", "http://example.org"),
    ],
)
def test_a_value_that_cannot_be_read_names_its_variable(variable, text):
    with pytest.raises(ValueError, match=f"{variable} must be .*{re.escape(text)}"):
        read_settings({variable: text})
