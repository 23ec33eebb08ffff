/* The calls that a worker serves: data and options in, plain tables out. What was made is released, whatever happens. */

import { isArrow, readArrow } from "./arrow.js";
import { columnsOf } from "./columns.js";
import { WsfError } from "./errors.js";
import { text } from "./options.js";

const DATA = "data"; // the source that an expression reads
const DOUBT = "doubt: ";

/** Handles of one call, released in reverse. */
class Session {
  #module;
  #handles = [];

  constructor(module, { seed } = {}) {
    this.#module = module;
    this.context = this.make("context", "wsf_context_create", text({ paths: "none", seed }), 0, 0);
    module.call("host_watch", this.context);
  }

  make(kind, name, ...args) {
    const [handle] = this.#module.made(1, 1, name, ...args);
    return this.keep(kind, handle);
  }

  keep(kind, handle) {
    if (handle !== 0) this.#handles.push([`wsf_${kind}_release`, handle]);
    return handle;
  }

  /** A table that a call makes, as plain columns. */
  table(name, ...args) {
    return columnsOf(this.#module, this.make("table", name, ...args));
  }

  end() {
    for (const [release, handle] of this.#handles.reverse()) this.#module.call(release, handle);
  }
}

function part(module, rows, index, words, { length, nulls, buffers }) {
  const at = buffers.map((buffer) => (buffer ? module.copied(buffer) : 0));
  module.call("host_rows_part", rows, index, words, length, nulls, buffers.length, ...at);
}

/** The module's copy of what readArrow gives. */
function rowsOf(module, { columns, batches }) {
  const full = new WsfError({ status: "E_MEMORY", sentence: "no memory for the rows" });
  const rows = module.call("host_rows", columns.length);
  try {
    if (rows === 0) throw full;
    columns.forEach(({ name, format, words }, i) => {
      if (!module.call("host_rows_column", rows, i, name, format, words?.format)) throw full;
    });
    for (const { length, columns: parts } of batches) {
      if (!module.call("host_rows_batch", rows, length)) throw full;
      parts.forEach((values, i) => {
        part(module, rows, i, 0, values);
        if (values.words) part(module, rows, i, 1, values.words);
      });
    }
    return rows;
  } catch (error) {
    module.call("host_rows_free", rows);
    throw error;
  }
}

/** Whatever is wrong with Arrow's bytes is wrong with the data, not with the module. */
function arrowOf(data) {
  try {
    return readArrow(data);
  } catch (error) {
    throw new WsfError({ status: "E_DATA", sentence: error.message });
  }
}

function add(module, session, data) {
  if (isArrow(data)) module.check("host_add_rows", session.context, DATA, rowsOf(module, arrowOf(data)));
  else module.check("host_add_bytes", session.context, DATA, module.copied(data), data.length);
}

/** The three views of a file that nobody has described, and why there is no expression, if so. */
function proposed(module, session, data) {
  if (!data) throw new TypeError("there is no data; expected CSV text or bytes, or an expression as load");
  if (isArrow(data)) throw new TypeError("columns of Arrow data are named by keys, time and target; only text is looked at");
  let handles;
  let error = null;
  try {
    handles = module.made(3, 3, "wsf_dataset_propose_all", session.context, DATA);
  } catch (failure) {
    if (!(failure instanceof WsfError) || !failure.made[0]) throw failure;
    handles = failure.made;
    error = failure;
  }
  const [file, columns, expression] = handles.map((handle) =>
    session.keep("table", handle) === 0 ? null : columnsOf(module, handle),
  );
  return { file, columns, expression: expression?.columns[0].data[0] ?? null, error };
}

function doubtsOf({ columns: [name, value] }) {
  return value.data.filter((_, row) => name.data[row] === "doubt");
}

/** The expression to load by: one that is given, one of the roles given, or what the data looks like. */
function expressionOf(module, session, data, { load, keys, ...roles }) {
  if (load !== undefined) return { expression: load, doubts: [] };
  const named = text({ keys: typeof keys === "string" ? [keys] : keys, ...roles });
  if (named !== "") return { expression: `csv(${JSON.stringify(DATA)}, ${named})`, doubts: [] };
  const { file, expression, error } = proposed(module, session, data);
  if (error) throw error;
  return { expression, doubts: doubtsOf(file) };
}

/** The dataset, the expression that loaded it, and what is doubtful about that. */
function open(module, session, data, roles) {
  if (data) add(module, session, data);
  const { expression, doubts } = expressionOf(module, session, data, roles);
  const dataset = session.make("dataset", "wsf_dataset_open", session.context, expression);
  const items = session.table("wsf_dataset_describe", dataset, "report").columns[0].data;
  const told = items.filter((item) => item.startsWith(DOUBT)).map((item) => item.slice(DOUBT.length));
  return { dataset, expression, doubts: [...new Set([...doubts, ...told])] };
}

function fitted(session, dataset, model, options) {
  const parsed = session.make("model", "wsf_model_parse", session.context, model);
  return session.make("forecaster", "wsf_fit", parsed, dataset, text(options));
}

const verbs = {
  forecast(module, session, data, { model = "auto", horizon, levels, quantiles, seconds, ...roles }) {
    const { dataset, expression, doubts } = open(module, session, data, roles);
    const forecaster = fitted(session, dataset, model, { horizon, seconds });
    const forecast = session.table("wsf_predict", forecaster, 0, text({ horizon, levels, quantiles }));
    const used = module.text(module.call("wsf_forecaster_text", forecaster));
    return { table: forecast, expression, doubts, model: used };
  },

  backtest(module, session, data, { models, horizon, windows, step, metrics, seconds, ...roles }) {
    const { dataset, expression, doubts } = open(module, session, data, roles);
    const parsed = [models].flat().map((model) => session.make("model", "wsf_model_parse", session.context, model));
    const list = module.copied(new Uint8Array(Uint32Array.from(parsed).buffer));
    try {
      const asked = text({ horizon, windows, step, metrics, seconds });
      const tables = module.made(1, 4, "wsf_backtest", list, BigInt(parsed.length), dataset, asked);
      const [summary, folds, series] = tables.map((handle) => columnsOf(module, session.keep("table", handle)));
      return { summary, folds, series, expression, doubts };
    } finally {
      module.call("host_free", list);
    }
  },

  describe(module, session, data, { what = "summary", ...roles }) {
    const { dataset, expression, doubts } = open(module, session, data, roles);
    return { table: session.table("wsf_dataset_describe", dataset, what), expression, doubts };
  },

  analyze(module, session, data, { what = "summary", ...roles }) {
    const { dataset, expression, doubts } = open(module, session, data, roles);
    return { table: session.table("wsf_analyze", dataset, text({ what })), expression, doubts };
  },

  propose(module, session, data) {
    if (data) add(module, session, data);
    const { file, columns, expression, error } = proposed(module, session, data);
    return { file, columns, expression, doubts: doubtsOf(file), reason: error && error.sentence };
  },

  catalog(module, session, data, { name }) {
    return { table: session.table("wsf_catalog", session.context, name ?? 0) };
  },
};

export function run(module, verb, data, options) {
  const { seed, ...rest } = options;
  const session = new Session(module, { seed });
  try {
    return verbs[verb](module, session, data, rest);
  } finally {
    session.end();
  }
}
