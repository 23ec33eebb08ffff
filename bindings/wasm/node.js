/* The same as index.js on workers of Node. */

import { client } from "./lib/client.js";
import { node } from "./lib/host_node.js";

export { WsfError } from "./lib/errors.js";
export { quote } from "./lib/options.js";
export { Table } from "./lib/table.js";

/** The functions below on a worker of their own. */
export const open = () => client(node);

export const { forecast, backtest, describe, analyze, propose, catalog, close } = open();
