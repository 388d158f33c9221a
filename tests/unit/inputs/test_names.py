import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.errors import InputError
from dashboard.inputs.names import MAX_NAME_LENGTH, check_distinct, decoded_text, normalised_names, printable


def test_normalised_names_keeps_ordinary_names():
    assert normalised_names(["dog", "São Paulo", "猫", "a|b", "👩‍🚀"]) == ["dog", "São Paulo", "猫", "a|b", "👩‍🚀"]


def test_normalised_names_composes_letters():
    assert normalised_names(["e\u0301"]) == ["é"]


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u2069", "\u200b", "\ufeff", "\x00", "\x1b", "\x9b", "\ud800"])
def test_normalised_names_removes_what_cannot_be_seen(hidden):
    assert normalised_names([f"a{hidden}b"]) == ["ab"]


def test_normalised_names_folds_whitespace():
    assert normalised_names(["  a \t\n b\u00a0c "]) == ["a b c"]


def test_normalised_names_cuts_long_ones():
    assert normalised_names(["x" * 1000]) == ["x" * 299 + "…"]


def test_normalised_names_numbers_empty_ones():
    assert normalised_names(["a", "", " \u202e"]) == ["a", "column 1", "column 2"]


def test_normalised_names_refuses_names_equal_after_normalisation():
    with pytest.raises(InputError, match="class names must be distinct, but 'é' stands at positions 1 and 3"):
        normalised_names(["é", "b", "e\u0301\u202e"])


@settings(deadline=None, derandomize=True, database=None)
@given(st.text(max_size=400))
def test_printable_is_final_and_safe(text):
    once = printable(text)
    assert printable(once) == once
    assert len(once) <= MAX_NAME_LENGTH
    assert not {unicodedata.category(character) for character in once} & {"Cc", "Cs"}


def test_check_distinct_names_both_positions():
    with pytest.raises(InputError, match="sample ids must be distinct, but '7' stands at positions 2 and 4"):
        check_distinct([1, 7, 3, 7], "sample ids")


def test_check_distinct_accepts_distinct_ids():
    check_distinct([1, 2, "1"], "sample ids")


def test_decoded_text_reads_bytes_as_utf8():
    assert decoded_text(np.array(["é".encode(), b"a"]), "names").tolist() == ["é", "a"]


@pytest.mark.parametrize("points", [[0x110000], [0xD800]])
def test_decoded_text_refuses_impossible_code_points(points):
    with pytest.raises(InputError, match="code points"):
        decoded_text(np.array(points, np.uint32).view("U1"), "names")
