"use strict";
/* Long calls: promises, each on a client of its own, which a signal or the progress function stops
 * alone. */

const native = require("./native.js");

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
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return await native[verb](base, client, progress && told, ...given);
  } catch (error) {
    if (thrown) throw thrown.error;
    if (error.status === "E_CANCELLED" && signal?.aborted) throw signal.reason;
    Error.captureStackTrace(error, call); // who awaits it, not the addon
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

module.exports = { call };
