/* What wasi-libc asks of its host, as far as the library uses it: a clock, random bytes, standard error. There are no
 * files, no arguments and no environment: all else is refused by the errno that says so. */

const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const NOT_SUPPORTED = 52;

/** The imports of a module; `memory` is asked for when a call comes, as it moves when it grows. */
export function wasi(names, memory) {
  const decoder = new TextDecoder();
  const known = {
    clock_time_get(clock, precision, out) {
      const milliseconds = clock === 0 ? Date.now() : performance.now();
      new DataView(memory()).setBigUint64(out, BigInt(Math.round(milliseconds * 1e6)), true);
      return SUCCESS;
    },
    random_get(at, size) {
      crypto.getRandomValues(new Uint8Array(memory(), at, size));
      return SUCCESS;
    },
    fd_write(descriptor, vectors, count, out) {
      if (descriptor !== 1 && descriptor !== 2) return BAD_DESCRIPTOR;
      const view = new DataView(memory());
      let written = 0;
      for (let i = 0; i < count; i += 1) {
        const at = view.getUint32(vectors + 8 * i, true);
        const size = view.getUint32(vectors + 8 * i + 4, true);
        console.error(decoder.decode(new Uint8Array(memory(), at, size)));
        written += size;
      }
      view.setUint32(out, written, true);
      return SUCCESS;
    },
    fd_prestat_get: () => BAD_DESCRIPTOR, // no folder is open
    proc_exit(code) {
      throw new Error(`the module ended with ${code}`);
    },
  };
  return Object.fromEntries(names.map((name) => [name, known[name] ?? (() => NOT_SUPPORTED)]));
}
