"""MULAN's list of labels; a document type, which entities need, ends the reading."""

from dataclasses import replace

import pytest

from dashboard.errors import InputError
from dashboard.inputs.formats.files import open_source
from dashboard.inputs.formats.label_xml import read_label_names
from dashboard.inputs.limits import DEFAULT_LIMITS


def names(content, limits=DEFAULT_LIMITS):
    with open_source(content if isinstance(content, bytes) else content.encode(), "l.xml", DEFAULT_LIMITS) as file:
        return read_label_names(file, limits)


@pytest.mark.parametrize(
    "content",
    [
        '<labels><label name="a&amp;b"/><label name="c"></label></labels>',
        '<?xml version="1.0" encoding="utf-8"?>\n<labels xmlns="http://mulan.sourceforge.net/labels">'
        '<label name="a&amp;b"><label name="c"/></label></labels>',
        '<m:labels xmlns:m="u"><m:label name="a&amp;b"/><m:label name="c"/></m:labels>',
        '<?xml version="1.0" encoding="ISO-8859-1"?><labels><label name="a&amp;b"/><label name="c"/></labels>',
    ],
)
def test_names_in_order_nested_ones_included(content):
    assert names(content) == ("a&b", "c")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
def test_names_with_accents_in_any_encoding(encoding):
    assert names('<labels><label name="größe"/></labels>'.encode(encoding)) == ("größe",)


BOMB = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><labels><label name="&b;"/></labels>'
FILE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]><labels><label name="x">&a;</label></labels>'


@pytest.mark.parametrize("content", [BOMB, FILE, BOMB.encode("utf-16"), "<!DOCTYPE l><labels/>"])
def test_a_document_type_is_refused(content):
    with pytest.raises(InputError, match="must have no <!DOCTYPE"):
        names(content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("<labels>", "must be complete XML"),
        ("no xml", "must be complete XML"),
        ("<labels></labels>", "must name labels as MULAN does"),
        ('<labels><label name="a"/><label name="a"/></labels>', "must be distinct, but 'a'"),
        ('<labels><label name="&b;"/></labels>', "must be complete XML"),
    ],
)
def test_other_files_are_refused(content, sentence):
    with pytest.raises(InputError, match=sentence):
        names(content)


def test_a_large_file_is_refused():
    with pytest.raises(InputError, match="at most 10 bytes to be a list of labels"):
        names("<labels></labels>", replace(DEFAULT_LIMITS, max_header_bytes=10))
