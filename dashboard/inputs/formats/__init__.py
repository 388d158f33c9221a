"""One module per family of file formats, each bytes to plain arrays or a table; `dashboard.inputs.content` picks."""
