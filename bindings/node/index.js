"use strict";
/* Forecasts of retail sales: libwsf for Node. */

const {
  Context,
  Dataset,
  Features,
  Forecaster,
  analyze,
  backtest,
  canonical,
  catalog,
  evaluate,
  features,
  fit,
  forecast,
  load,
  propose,
  quote,
} = require("./lib/api.js");
const { WsfError } = require("./lib/errors.js");
const { Table } = require("./lib/table.js");
const version = require("./lib/native.js").version();

// Bare names, which is how `import { fit } from "wsf"` finds them.
module.exports = {
  Context,
  Dataset,
  Features,
  Forecaster,
  Table,
  WsfError,
  analyze,
  backtest,
  canonical,
  catalog,
  evaluate,
  features,
  fit,
  forecast,
  load,
  propose,
  quote,
  version,
};
