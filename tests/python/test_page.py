"""Pages of docs for Python, whose blocks are one program each, and examples of docstrings."""

import doctest
import importlib
import pathlib
import re

import pytest


@pytest.mark.parametrize(("name", "least"), [("README", 1), ("docs/python", 7), ("docs/statsforecast", 2), ("docs/dropin", 2)])
def test_the_page_runs(name, least, tmp_path, monkeypatch):
    page = pathlib.Path(__file__).parents[2] / f"{name}.md"
    text = page.read_text()
    blocks = list(re.finditer(r"^```python\n(.*?)^```$", text, re.M | re.S))
    assert len(blocks) >= least
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks:
        line = text[: block.start(1)].count("\n")
        exec(compile("\n" * line + block[1], str(page), "exec"), names)


EXAMPLES = ["wsf", "wsf.plot", "wsf.sklearn", "wsf.statsforecast", "wsf.statsforecast.models", "wsf._freq"]


@pytest.mark.parametrize("name", [*EXAMPLES, "wsf.prophet", "wsf.pmdarima"])
def test_the_examples_hold(name):
    failed, attempted = doctest.testmod(importlib.import_module(name))
    assert attempted > 0 and failed == 0
