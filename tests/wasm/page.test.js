/* docs/wasm.md and the READMEs: the blocks of each are one program. */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

for (const [page, language, least] of [["docs/wasm.md", "js", 3], ["bindings/wasm/README.md", "js", 1], ["README.md", "mjs", 1]]) {
  test(`${page} runs`, async () => {
    const source = fs.readFileSync(path.join(process.env.WSF_SOURCE, page), "utf8");
    const blocks = [...source.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map((match) => match[1]);
    assert.ok(blocks.length >= least);
    const file = path.resolve(`page-${path.dirname(page).replaceAll("/", "-")}.mjs`);
    fs.writeFileSync(file, blocks.join("\n"));
    const shown = [];
    const log = console.log;
    console.log = (...args) => shown.push(args);
    try {
      await import(pathToFileURL(file));
    } finally {
      console.log = log;
    }
    assert.ok(shown.length > 0);
  });
}
