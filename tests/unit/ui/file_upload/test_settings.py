from pathlib import Path

import pytest

from dashboard.inputs.limits import DEFAULT_LIMITS
from dashboard.ui.file_upload.settings import UploadSettings, read_settings


def test_settings_without_variables_are_the_defaults():
    assert read_settings({}) == UploadSettings()


def test_what_may_be_uploaded_may_be_read():
    assert UploadSettings().max_file_bytes == DEFAULT_LIMITS.max_file_bytes == 4_000_000_000


def test_each_variable_is_read():
    environment = {
        "DASHBOARD_MAX_UPLOAD_BYTES": "1000",
        "DASHBOARD_UPLOAD_TOTAL_BYTES": "2000",
        "DASHBOARD_UPLOAD_FILES": "3",
        "DASHBOARD_UPLOAD_HOURS": "0.5",
        "DASHBOARD_UPLOAD_FOLDER": "/somewhere",
    }
    assert read_settings(environment) == UploadSettings(1000, 2000, 3, 0.5, Path("/somewhere"))


@pytest.mark.parametrize("text", ["4 GB", "0", "-1", "nan"])
def test_a_wrong_number_names_its_variable(text):
    with pytest.raises(ValueError, match="DASHBOARD_MAX_UPLOAD_BYTES must be a number above 0"):
        read_settings({"DASHBOARD_MAX_UPLOAD_BYTES": text})
