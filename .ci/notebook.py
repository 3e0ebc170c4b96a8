"""Runs docs/notebook.ipynb from the repository's root; fails if a cell does."""

import sys

import nbformat
from nbclient import NotebookClient

notebook = nbformat.read("docs/notebook.ipynb", as_version=4)
NotebookClient(notebook, timeout=600, resources={"metadata": {"path": "."}}).execute()
if len(sys.argv) > 1:
    nbformat.write(notebook, sys.argv[1])
shown = sum(len(cell.get("outputs", [])) for cell in notebook.cells if cell.cell_type == "code")
print(f"docs/notebook.ipynb: {len(notebook.cells)} cells, {shown} outputs")
