"use strict";
/* docs/node.md and both READMEs: the blocks of each are one program. */

const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");

const AsyncFunction = (async () => {}).constructor;

for (const [page, least] of [["docs/node.md", 7], ["README.md", 1], ["bindings/node/README.md", 1]]) {
  test(`${page} runs`, async () => {
    const text = fs.readFileSync(path.join(process.env.WSF_SOURCE, page), "utf8");
    const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1]);
    assert.ok(blocks.length >= least);
    const program = blocks.join("\n");
    const before = process.cwd();
    process.chdir(fs.mkdtempSync(path.join(os.tmpdir(), "wsf-page-")));
    const shown = [];
    try {
      await new AsyncFunction("require", "console", program)(require, { log: (...args) => shown.push(args) });
    } finally {
      process.chdir(before);
    }
    assert.ok(shown.length > 0);
  });
}
