/* The WebAssembly module as functions of JavaScript: texts, handles and errors cross here, and memory is given back. */

import { WsfError } from "./errors.js";
import { wasi } from "./wasi.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Module {
  #exports;
  #slots; // for the handles that a call gives

  /** progress: called with the stage, the work done and all work */
  constructor(compiled, progress) {
    const names = WebAssembly.Module.imports(compiled).filter(({ module }) => module === "wasi_snapshot_preview1");
    const memory = () => this.#exports.memory.buffer;
    const instance = new WebAssembly.Instance(compiled, {
      wasi_snapshot_preview1: wasi(names.map(({ name }) => name), memory),
      wsf: { progress: (stage, done, total) => progress(this.text(stage), done, total) },
    });
    this.#exports = instance.exports;
    this.#exports._initialize();
    this.#slots = this.allocate(16); // four, the most that a call gives
  }

  allocate(size) {
    const at = this.#exports.host_allocate(size);
    if (at === 0) throw new WsfError({ status: "E_MEMORY", sentence: `no memory for ${size} bytes` });
    return at;
  }

  /** A copy of bytes in the module's memory. */
  copied(bytes) {
    const at = this.allocate(bytes.length);
    new Uint8Array(this.#exports.memory.buffer, at, bytes.length).set(bytes);
    return at;
  }

  /** The text at an address, null at none. */
  text(at, size) {
    if (at === 0) return null;
    const bytes = new Uint8Array(this.#exports.memory.buffer, at);
    return decoder.decode(bytes.slice(0, size ?? bytes.indexOf(0)));
  }

  /** A copy of what lies in memory. */
  numbers(ArrayType, at, length) {
    return new ArrayType(this.#exports.memory.buffer, at, length).slice();
  }

  /** Calls with texts of JavaScript as C's; what it returns is as C returned it. */
  call(name, ...args) {
    const texts = [];
    try {
      const passed = args.map((arg) => {
        if (typeof arg !== "string") return arg ?? 0;
        texts.push(this.copied(encoder.encode(`${arg}\0`)));
        return texts.at(-1);
      });
      return this.#exports[name](...passed);
    } finally {
      for (const at of texts) this.#exports.host_free(at);
    }
  }

  /** Calls a function that returns a status and takes the error last; fails with a WsfError. */
  check(name, ...args) {
    const status = this.call(name, ...args, this.#exports.host_error());
    if (status !== 0) throw this.#failed(status);
  }

  /** The same for one that gives handles, by its first `outs` parameters or, as an array, by its first alone. A
   * failure has those that were given before it as `made`. */
  made(outs, count, name, ...args) {
    const slots = Array.from({ length: outs }, (_, i) => this.#slots + 4 * i);
    const read = () => [...this.numbers(Uint32Array, this.#slots, count)];
    new Uint32Array(this.#exports.memory.buffer, this.#slots, count).fill(0);
    try {
      this.check(name, ...slots, ...args);
    } catch (error) {
      error.made = read();
      throw error;
    }
    return read();
  }

  /** The error that the last call reported. */
  #failed(status) {
    const [field, file, sentence] = [0, 1, 2].map((which) => this.text(this.#exports.host_error_text(which)));
    const [series, row, byte] = [0, 1, 2].map((which) => this.#exports.host_error_place(which));
    const fields = { status: this.text(this.#exports.wsf_status_name(status)), sentence };
    if (field) fields.field = field;
    if (file) fields.file = file;
    if (series >= 0) fields.series = series;
    if (row >= 0) fields.row = row;
    if (byte >= 0) fields.byte = byte;
    return new WsfError(fields);
  }
}
