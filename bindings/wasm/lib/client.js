/* The functions of the package: a worker does the work, one call after the other; a call that is stopped takes its
 * worker along, and the next one begins with another. */

import { WsfError } from "./errors.js";
import { Table } from "./table.js";

const encoder = new TextEncoder();

/** CSV text, or the bytes of a file: a copy that the worker may keep. */
async function bytesOf(data) {
  if (data === null || data === undefined) return null;
  if (typeof data === "string") return encoder.encode(data);
  if (typeof data.arrayBuffer === "function") return new Uint8Array(await data.arrayBuffer());
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  throw new TypeError("data is CSV text, its bytes, or a Blob or File of them");
}

/** Plain columns, wherever they stand in a result, as tables. */
function tables(result) {
  return Object.fromEntries(
    Object.entries(result).map(([name, part]) => [name, Array.isArray(part?.columns) ? new Table(part) : part]),
  );
}

function outcome({ result, failed, broken }, resolve, reject) {
  if (result) resolve(tables(result));
  else if (failed) reject(new WsfError(JSON.parse(JSON.stringify(failed))));
  else reject(broken);
}

class Caller {
  #host;
  #compiled;
  #worker;
  #last = Promise.resolve();

  /** host: compile() gives the module, spawn(compiled) a worker { post, heed, idle, end } */
  constructor(host) {
    this.#host = host;
  }

  async call(verb, data, { signal, progress, ...options }) {
    signal?.throwIfAborted();
    const bytes = await bytesOf(data);
    const turn = this.#last.then(() => this.#run({ verb, data: bytes, options }, signal, progress));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #run(message, signal, progress) {
    this.#compiled ??= this.#host.compile();
    const compiled = await this.#compiled;
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      let stop;
      const end = () => signal?.removeEventListener("abort", stop);
      const drop = (error) => {
        this.close();
        end();
        reject(error);
      };
      stop = () => drop(signal.reason);
      const take = (answer) => {
        if (answer.progress) {
          try {
            if (progress?.(...answer.progress) === false) drop(new DOMException("progress said stop", "AbortError"));
          } catch (error) {
            drop(error);
          }
          return;
        }
        this.#worker?.idle(true);
        end();
        outcome(answer, resolve, reject);
      };
      signal?.addEventListener("abort", stop, { once: true });
      this.#worker ??= this.#host.spawn(compiled);
      this.#worker.idle(false);
      this.#worker.heed(take, drop);
      this.#worker.post({ ...message, watched: progress !== undefined });
    });
  }

  close() {
    this.#worker?.end();
    this.#worker = undefined;
  }
}

/** The functions of a package, on a worker of their own that `host` makes. */
export function client(host) {
  const caller = new Caller(host);
  return {
    forecast: (data, options) => caller.call("forecast", data, options),
    backtest: (data, models, options) => caller.call("backtest", data, { ...options, models }),
    describe: (data, what, options = {}) => caller.call("describe", data, { ...options, what }),
    analyze: (data, what, options = {}) => caller.call("analyze", data, { ...options, what }),
    propose: (data, options = {}) => caller.call("propose", data, options),
    catalog: (name, options = {}) => caller.call("catalog", null, { ...options, name }),
    close: () => caller.close(),
  };
}
