/* Forecasts of retail sales in a browser. */

import { client } from "./lib/client.js";
import { browser } from "./lib/host_browser.js";

export { WsfError } from "./lib/errors.js";
export { quote } from "./lib/options.js";
export { Table } from "./lib/table.js";

/** The functions below on a worker of their own. */
export const open = ({
  wasm = new URL("./lib/wsf.wasm", import.meta.url),
  worker = new URL("./lib/worker_browser.js", import.meta.url),
} = {}) => client(browser({ wasm, worker }));

export const { forecast, backtest, describe, analyze, propose, catalog, close } = open();
