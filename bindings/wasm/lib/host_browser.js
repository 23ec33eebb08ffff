/* Workers of a browser. */

/** wasm: the module's address or its bytes; worker: the address of lib/worker_browser.js, type: what it is */
export function browser({ wasm, worker, type = "module" }) {
  return {
    compile: async () =>
      WebAssembly.compile(ArrayBuffer.isView(wasm) ? wasm : await (await fetch(wasm)).arrayBuffer()),
    spawn(compiled) {
      const thread = new Worker(worker, { type });
      thread.postMessage({ compiled });
      return {
        post: (message) => thread.postMessage(message, message.data ? [message.data.buffer] : []),
        heed(take, fail) {
          thread.onmessage = ({ data }) => take(data);
          thread.onerror = ({ message }) => fail(new Error(`the worker stopped: ${message}`));
        },
        idle() {},
        end: () => thread.terminate(),
      };
    },
  };
}
