/* Workers of Node, which do not keep a process alive while they wait. */

import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";

export const node = {
  compile: async () => WebAssembly.compile(await readFile(new URL("./wsf.wasm", import.meta.url))),
  spawn(compiled) {
    const thread = new Worker(new URL("./worker_node.js", import.meta.url));
    thread.postMessage({ compiled });
    return {
      post: (message) => thread.postMessage(message, message.data ? [message.data.buffer] : []),
      heed(take, fail) {
        thread.removeAllListeners();
        thread.on("message", take);
        thread.on("error", (error) => fail(new Error(`the worker stopped: ${error.message}`)));
      },
      idle: (idle) => (idle ? thread.unref() : thread.ref()),
      end: () => thread.terminate(),
    };
  },
};
