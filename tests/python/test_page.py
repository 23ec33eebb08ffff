"""docs/python.md: its blocks are one program."""

import pathlib
import re


def test_the_page_runs(tmp_path, monkeypatch):
    page = pathlib.Path(__file__).parents[2] / "docs" / "python.md"
    text = page.read_text()
    blocks = list(re.finditer(r"^```python\n(.*?)^```$", text, re.M | re.S))
    assert len(blocks) >= 7
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks:
        line = text[: block.start(1)].count("\n")
        exec(compile("\n" * line + block[1], str(page), "exec"), names)
