/* The demo as one HTML file, which works from a folder, a stick or a server: its modules as one script, the
 * WebAssembly module packed by gzip. usage: node pack.js OUT [WASM] */

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = path.dirname(fileURLToPath(import.meta.url));
const [out, wasm = path.join(here, "../lib/wsf.wasm")] = process.argv.slice(2);

/** A module and all that it imports as one script. Of the forms of import and export there are only these. */
function bundled(entry) {
  const parts = new Map();
  const add = (file) => {
    if (parts.has(file)) return;
    parts.set(file, "");
    const names = [];
    const body = fs
      .readFileSync(file, "utf8")
      .replace(/^import \{([^}]*)\} from "(\.[^"]*)";$/gm, (_, imported, name) => {
        const from = path.join(path.dirname(file), name);
        add(from);
        return `const {${imported}} = modules.${path.basename(from, ".js")};`;
      })
      .replace(/^export (function\*?|class|const) (\w+)/gm, (_, kind, name) => {
        names.push(name);
        return `${kind} ${name}`;
      });
    const own = file === entry ? body : `modules.${path.basename(file, ".js")} = (() => {\n${body}return { ${names.join(", ")} };\n})();\n`;
    parts.delete(file); // behind what it imports
    parts.set(file, own);
  };
  add(entry);
  return `const modules = {};\n${[...parts.values()].join("")}`;
}

const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const packed = `
globalThis.packed = async () => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes("${base64(gzipSync(fs.readFileSync(wasm), { level: 9 }))}")]).stream();
  const wasm = new Uint8Array(await new Response(stream.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  const worker = URL.createObjectURL(
    new Blob([bytes("${base64(bundled(path.join(here, "../lib/worker_browser.js")))}")], { type: "text/javascript" }),
  );
  return { wasm, worker, type: "classic" }; // a module would be fetched, which a file may not
};
`;
const demo = bundled(path.join(here, "demo.js"));
const page = fs.readFileSync(path.join(here, "index.html"), "utf8");
const script = `<script>${packed}</script>\n<script type="module">\n${demo}</script>`;
fs.writeFileSync(out, page.replace('<script type="module" src="./demo.js"></script>', () => script));
console.log(`${out}: ${fs.statSync(out).size} bytes`);
