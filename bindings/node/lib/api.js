"use strict";
/* Contexts, datasets, forecasters and the functions around them. What each takes and gives stands in
 * index.d.ts. */

const { fileURLToPath } = require("node:url");
const { inspect } = require("node:util");
const { call } = require("./calls.js");
const { HANDLE, keep } = require("./handles.js");
const native = require("./native.js");
const { quote, text } = require("./options.js");
const { bytes, rows } = require("./rows.js");
const { Table } = require("./table.js");

const CONTEXT = Symbol("wsf context");
const ROLES = Symbol("wsf roles");

// What the future of columns known ahead is read by: the roles of a history that it has, too.
const AHEAD = ["keys", "time", "known", "static", "freq", "step", "fiscal", "dateformat", "timezone", "season", "end"];

/** Those of the options that are there. */
const given = (options) =>
  Object.fromEntries(Object.entries(options).filter(([, option]) => option !== undefined && option !== null));

const pathOf = (path) => (path instanceof URL ? fileURLToPath(path) : path);

class Context {
  constructor(options = {}) {
    keep(this, { [HANDLE]: native.context(text({ threads: 0, ...options })) });
  }

  add(name, data) {
    if (data instanceof Uint8Array) native.addBytes(this[HANDLE], name, bytes(data));
    else native.addRows(this[HANDLE], name, rows(data, {}));
    return this;
  }

  remove(name) {
    native.remove(this[HANDLE], name);
    return this;
  }
}

let shared; // one for all calls of this thread that name none

function contextOf(context) {
  return context ?? (shared ??= new Context());
}

/** A long call in a context, whose result is a table. */
async function table(verb, context, control, ...args) {
  return new Table(await call(verb, context[HANDLE], control, ...args));
}

class Dataset {
  constructor(handle, context, roles) {
    keep(this, { [HANDLE]: handle, [CONTEXT]: context, [ROLES]: roles });
  }

  static async open(data, { context, signal, progress, ...options } = {}) {
    const ctx = contextOf(context);
    const control = { signal, progress };
    const roles = given(options);
    if (typeof roles.keys === "string") roles.keys = [roles.keys];
    if (typeof data !== "string") {
      const stream = rows(data, roles);
      return new Dataset(await call("rows", ctx[HANDLE], control, stream, text(roles)), ctx, roles);
    }
    const names = Object.keys(roles);
    if (names.length > 0) throw new TypeError(`an expression names its columns itself: ${names.join(", ")}`);
    return new Dataset(await call("open", ctx[HANDLE], control, data), ctx, roles);
  }

  describe(what = "summary", { signal } = {}) {
    return table("describeDataset", this[CONTEXT], { signal }, this[HANDLE], what);
  }

  analyze(what = "summary", { signal, progress, ...options } = {}) {
    return table("analyze", this[CONTEXT], { signal, progress }, this[HANDLE], text({ what, ...options }));
  }

  async features(recipe, { signal, ...options } = {}) {
    const features = new Features(this, recipe, text(options), signal);
    await features.begin(); // a recipe that is wrong is told here
    return features;
  }
}

class Features {
  #dataset;
  #recipe;
  #options;
  #signal;

  constructor(dataset, recipe, options, signal) {
    this.#dataset = dataset;
    this.#recipe = recipe;
    this.#options = options;
    this.#signal = signal;
  }

  /** A function that gives the next batch, undefined at the end. */
  async begin() {
    const base = this.#dataset[CONTEXT][HANDLE];
    const control = { signal: this.#signal, client: native.fork(base) };
    const batches = await call("features", base, control, this.#dataset[HANDLE], this.#recipe, this.#options);
    return () => call("next", base, control, batches);
  }

  async *[Symbol.asyncIterator]() {
    const next = await this.begin();
    for (let batch = await next(); batch; batch = await next()) yield new Table(batch);
  }
}

/** The dataset of data; one that is there has its columns and context already. */
async function datasetOf(data, { context, signal, progress, ...options }) {
  if (!(data instanceof Dataset)) return Dataset.open(data, { context, signal, progress, ...options });
  const names = Object.keys(given({ context, ...options }));
  if (names.length > 0) throw new TypeError(`a Dataset has its columns and context already: ${names.join(", ")}`);
  return data;
}

class Forecaster {
  constructor(handle, context, roles) {
    keep(this, { [HANDLE]: handle, [CONTEXT]: context, [ROLES]: roles });
  }

  get model() {
    return native.forecasterText(this[HANDLE]);
  }

  async predict(horizon, { ahead, signal, progress, ...options } = {}) {
    const control = { signal, progress };
    let future = ahead;
    if (!(ahead instanceof Dataset || ahead === undefined || ahead === null)) {
      const roles = Object.entries(this[ROLES]).filter(([name]) => typeof ahead !== "string" && AHEAD.includes(name));
      future = await Dataset.open(ahead, { context: this[CONTEXT], ...control, ...Object.fromEntries(roles) });
    }
    const asked = text({ horizon, ...options });
    return table("predict", this[CONTEXT], control, this[HANDLE], future?.[HANDLE], asked);
  }

  async update(data, { signal, progress, ...options } = {}) {
    const control = { signal, progress };
    const roles = typeof data === "string" ? {} : this[ROLES];
    const more =
      data instanceof Dataset ? data : await Dataset.open(data, { context: this[CONTEXT], ...control, ...roles });
    const base = this[CONTEXT][HANDLE];
    const handle = await call("update", base, control, this[HANDLE], more[HANDLE], text(options));
    return new Forecaster(handle, this[CONTEXT], this[ROLES]);
  }

  describe(view = "series", { signal, progress } = {}) {
    return table("describe", this[CONTEXT], { signal, progress }, this[HANDLE], view);
  }

  explain(horizon, { signal, progress, ...options } = {}) {
    return this.describe(`components(${text({ horizon, ...options })})`, { signal, progress });
  }

  save(path, { signal } = {}) {
    return call("save", this[CONTEXT][HANDLE], { signal }, this[HANDLE], pathOf(path));
  }

  toBuffer({ signal } = {}) {
    return call("write", this[CONTEXT][HANDLE], { signal }, this[HANDLE]);
  }

  [inspect.custom]() {
    return `<wsf.Forecaster ${this.model}>`;
  }
}

async function load(source, { context, signal } = {}) {
  const ctx = contextOf(context);
  const handle =
    source instanceof Uint8Array
      ? await call("read", ctx[HANDLE], { signal }, bytes(source))
      : await call("load", ctx[HANDLE], { signal }, pathOf(source));
  return new Forecaster(handle, ctx, {});
}

/** fit(data, options) is fit(data, "auto", options). */
const ordered = (model, options) => (typeof model === "object" ? ["auto", model] : [model, options]);

async function fit(data, model = "auto", options = {}) {
  const [expression, { horizon, fitted, seconds, warm, ...columns }] = ordered(model, options);
  const dataset = await datasetOf(data, columns);
  const context = dataset[CONTEXT];
  const parsed = native.parse(context[HANDLE], expression);
  const asked = text({ horizon, fitted, seconds, warm });
  const handle = await call("fit", context[HANDLE], control(columns), [parsed], dataset[HANDLE], asked);
  return new Forecaster(handle, context, dataset[ROLES]);
}

/** What steers a call, of its options. */
function control({ signal, progress }) {
  return { signal, progress };
}

async function forecast(data, model = "auto", options = {}) {
  const [expression, { horizon, levels, quantiles, ...columns }] = ordered(model, options);
  const fitted = await fit(data, expression, { horizon, ...columns });
  return fitted.predict(horizon, { levels, quantiles, ...control(columns) });
}

async function backtest(data, models, options) {
  const { horizon, windows, step, metrics, levels, quantiles, by, forecasts, minObs, seconds, ...columns } = options;
  const dataset = await datasetOf(data, columns);
  const base = dataset[CONTEXT][HANDLE];
  const asked = text({ horizon, windows, step, metrics, levels, quantiles, by, forecasts, minObs, seconds });
  const parsed = [models].flat().map((model) => native.parse(base, model));
  const tables = await call("backtest", base, control(columns), parsed, dataset[HANDLE], asked);
  const [summary, folds, series, rest] = tables.map((handle) => new Table(handle));
  return { summary, folds, series, forecasts: rest };
}

function evaluate(forecasts, history, actual, { signal, ...options } = {}) {
  const handles = [forecasts[HANDLE], history[HANDLE], actual[HANDLE]];
  return table("evaluate", history[CONTEXT], { signal }, ...handles, text(options));
}

async function features(data, recipe, { horizon, dtype, batch, ...columns } = {}) {
  const dataset = await datasetOf(data, columns);
  return dataset.features(recipe, { horizon, dtype, batch, signal: columns.signal });
}

async function analyze(data, what = "summary", columns = {}) {
  return (await datasetOf(data, columns)).analyze(what, control(columns));
}

function propose(path, what = "expression", { context, signal } = {}) {
  return table("propose", contextOf(context), { signal }, pathOf(path), what);
}

function catalog(name, { context, signal } = {}) {
  return table("catalog", contextOf(context), { signal }, name);
}

function canonical(model, { context } = {}) {
  return native.modelText(native.parse(contextOf(context)[HANDLE], model));
}

module.exports = {
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
};
