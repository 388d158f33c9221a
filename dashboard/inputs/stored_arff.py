"""An ARFF file as plain content of named arrays and back: what one process reads, another maps into memory.

Knows nothing of processes and of what attributes mean.
"""

import json

import numpy as np

from dashboard.inputs.content import FileContent
from dashboard.inputs.formats.arff import Arff
from dashboard.inputs.formats.arff_header import Attribute

FORMAT = "arff"


def arff_as_content(arff: Arff) -> FileContent:
    """The header as one text, the values, and each attribute of text under its position."""
    header = {"relation": arff.relation, "attributes": [[a.name, a.kind, a.values] for a in arff.attributes]}
    arrays = {"header": np.array([json.dumps(header)], dtype=object), "values": arff.values}
    arrays |= {str(position): cells for position, cells in arff.texts.items()}
    return FileContent(arff.name, FORMAT, arrays, None, True, arff.notes)


def content_as_arff(content: FileContent) -> Arff:
    header = json.loads(content.arrays["header"][0])
    attributes = tuple(Attribute(name, kind, tuple(values)) for name, kind, values in header["attributes"])
    texts = {int(name): cells for name, cells in content.arrays.items() if name.isdigit()}
    return Arff(content.name, header["relation"], attributes, content.arrays["values"], texts, content.notes)
