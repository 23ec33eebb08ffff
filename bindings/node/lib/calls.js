"use strict";
/* Long calls: promises, each on a client of its own, which a signal or the progress function stops
 * alone. */

const native = require("./native.js");

/** What each signal stops: one listener serves all calls of a signal, of which Node warns from eleven on. */
const stopped = new WeakMap();

function watch(signal, stop) {
  if (!stopped.has(signal)) {
    const stops = new Set();
    stopped.set(signal, stops);
    signal.addEventListener("abort", () => stops.forEach((each) => each()), { once: true });
  }
  stopped.get(signal).add(stop);
}

/**
 * @param {string} verb a long call of the addon
 * @param {object} base the context that keeps what is made
 * @param {{signal?: AbortSignal, progress?: Function, client?: object}} control client: of batches
 * @param {...unknown} given what the call takes
 */
async function call(verb, base, { signal, progress, client = native.fork(base) }, ...given) {
  if (progress !== undefined && typeof progress !== "function") throw new TypeError("progress is not a function");
  signal?.throwIfAborted();
  let thrown;
  const stop = () => native.cancel(client);
  const told = (stage, done, total) => {
    try {
      if (!thrown && progress(stage, done, total) === false) stop();
    } catch (error) {
      thrown = { error };
      stop();
    }
  };
  if (signal) watch(signal, stop);
  try {
    const made = await native[verb](base, client, progress && told, ...given);
    if (thrown) throw thrown.error;
    return made;
  } catch (error) {
    if (thrown) throw thrown.error;
    if (error.status === "E_CANCELLED" && signal?.aborted) throw signal.reason;
    Error.captureStackTrace(error, call); // who awaits it, not the addon
    throw error;
  } finally {
    stopped.get(signal)?.delete(stop);
  }
}

module.exports = { call };
