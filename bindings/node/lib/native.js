"use strict";
/* The addon for this platform, native/PLATFORM-ARCH.node. */

const fs = require("node:fs");
const path = require("node:path");
const { failed } = require("./errors.js");

const folder = path.join(__dirname, "..", "native");
const file = `${process.platform}-${process.arch}.node`;
if (!fs.existsSync(path.join(folder, file))) {
  const built = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith(".node")) : [];
  throw new Error(`wsf was built for ${built.join(", ") || "no platform"}, ${file} is not in ${folder}`);
}
const native = require(path.join(folder, file));
native.failing(failed);
// The process ends only when the threads of its pool do: what they are at is stopped.
process.on("exit", () => native.cancel());

module.exports = native;
