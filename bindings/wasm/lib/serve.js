/* A worker's side: a compiled module comes first, then one call after the other. */

import { WsfError } from "./errors.js";
import { Module } from "./module.js";
import { run } from "./verbs.js";

/** The function that takes messages; `post` sends them. */
export function serve(post) {
  let compiled;
  let module; // made at the first call, and anew after one that broke it
  let watched; // whether the call of now tells its progress
  const answer = ({ verb, data, options, ...call }) => {
    watched = call.watched;
    module ??= new Module(compiled, (...done) => watched && post({ progress: done }));
    return run(module, verb, data, options);
  };
  return (message) => {
    if (message.compiled) {
      compiled = message.compiled;
      return;
    }
    try {
      post({ result: answer(message) });
    } catch (error) {
      if (error instanceof WsfError) {
        const { status, sentence, field, file, series, row, byte } = error;
        post({ failed: { status, sentence, field, file, series, row, byte } });
      } else {
        module = undefined;
        post({ broken: error instanceof TypeError ? error : new Error(`the module stopped: ${error.message}`) });
      }
    }
  };
}
