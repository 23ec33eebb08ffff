"use strict";
/* Forecasts of retail sales: libwsf for Node. */

const { WsfError } = require("./lib/errors.js");
const { Table } = require("./lib/table.js");
const version = require("./lib/native.js").version();

// Bare names and a call of require, which is how `import { fit } from "wsf"` finds them.
module.exports = {
  ...require("./lib/api.js"),
  Table,
  WsfError,
  version,
};
