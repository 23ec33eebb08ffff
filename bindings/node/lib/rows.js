"use strict";
/* Data of JavaScript as rows of the library: batches of columns in Arrow's formats, for the addon.
 * A column is {format, nulls, buffers: [validity or null, values, texts]}, as the columnar format says
 * (https://arrow.apache.org/docs/format/Columnar.html). */

const DAY = 86400000;
const FORMATS = new Map([
  [Float64Array, "g"],
  [Float32Array, "f"],
  [BigInt64Array, "l"],
  [BigUint64Array, "L"],
  [Int32Array, "i"],
  [Uint32Array, "I"],
  [Int16Array, "s"],
  [Uint16Array, "S"],
  [Int8Array, "c"],
  [Uint8Array, "C"],
  [Uint8ClampedArray, "C"],
]);

/** The bytes of a view, or null. */
function bytes(view) {
  return view ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength) : null;
}

const isTyped = (data) => ArrayBuffer.isView(data) && !(data instanceof DataView);
const isNothing = (value) => value === null || value === undefined;

/** Validity: a bit for each value that is there. */
function validity(values) {
  const bits = new Uint8Array((values.length + 7) >> 3);
  let nulls = 0;
  for (let i = 0; i < values.length; i += 1) {
    if (isNothing(values[i])) nulls += 1;
    else bits[i >> 3] |= 1 << (i & 7);
  }
  return { nulls, bits: nulls > 0 ? bits : null };
}

function refuse(name, value, kind) {
  throw new TypeError(`column '${name}' holds ${typeof value === "string" ? JSON.stringify(value) : String(value)} among ${kind}`);
}

function texts(name, values) {
  const encoder = new TextEncoder();
  const offsets = new Int32Array(values.length + 1);
  let room = new Uint8Array(16 * values.length + 64);
  let size = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (!isNothing(value)) {
      if (typeof value !== "string") refuse(name, value, "texts");
      if (size + 3 * value.length > room.length) {
        const grown = new Uint8Array(2 * (size + 3 * value.length));
        grown.set(room);
        room = grown;
      }
      size += encoder.encodeInto(value, room.subarray(size)).written;
      if (size > 0x7fffffff) throw new RangeError(`column '${name}' holds more than 2 GiB of text`);
    }
    offsets[i + 1] = size;
  }
  const { nulls, bits } = validity(values);
  return { format: "u", nulls, buffers: [bits, bytes(offsets), room.subarray(0, size)] };
}

/** Dates: days where all are midnight in UTC, moments otherwise. */
function dates(name, values) {
  const at = Array.from(values, (value) => {
    if (isNothing(value)) return 0;
    if (!(value instanceof Date) || Number.isNaN(value.getTime())) refuse(name, value, "dates");
    return value.getTime();
  });
  const days = at.every((ms) => ms % DAY === 0);
  const cells = days ? Int32Array.from(at, (ms) => ms / DAY) : BigInt64Array.from(at, BigInt);
  const { nulls, bits } = validity(values);
  return { format: days ? "tdD" : "tsm:", nulls, buffers: [bits, bytes(cells)] };
}

function wholes(name, values) {
  const cells = BigInt64Array.from(values, (value) => {
    if (isNothing(value)) return 0n;
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) refuse(name, value, "whole numbers of 64 bits");
    return value;
  });
  const { nulls, bits } = validity(values);
  return { format: "l", nulls, buffers: [bits, bytes(cells)] };
}

function numbers(name, values) {
  let whole = true;
  let narrow = true;
  for (const value of values) {
    if (typeof value !== "number" && typeof value !== "boolean" && !isNothing(value)) refuse(name, value, "numbers");
    whole &&= Number.isSafeInteger(Number(value ?? NaN));
    narrow &&= (value | 0) === Number(value);
  }
  if (!whole) return typed(Float64Array.from(values, (value) => (isNothing(value) ? NaN : value)));
  return typed(narrow ? Int32Array.from(values) : BigInt64Array.from(values, BigInt));
}

function typed(array) {
  const kind = [...FORMATS.keys()].find((type) => array instanceof type);
  if (!kind) throw new TypeError(`an array of numbers was expected, not ${array.constructor.name}`);
  return { format: FORMATS.get(kind), nulls: 0, buffers: [null, bytes(array)] };
}

/** A column of values; null and undefined are missing. */
function column(name, values) {
  if (isTyped(values)) return typed(values);
  if (!Array.isArray(values)) throw new TypeError(`column '${name}' is no array`);
  const first = values.find((value) => !isNothing(value));
  if (typeof first === "string") return texts(name, values);
  if (typeof first === "bigint") return wholes(name, values);
  return first instanceof Date ? dates(name, values) : numbers(name, values);
}

function fromColumns(columns) {
  const names = Object.keys(columns);
  const length = columns[names[0]]?.length ?? 0;
  for (const name of names)
    if (columns[name]?.length !== length)
      throw new TypeError(`column '${name}' has ${columns[name]?.length} values, '${names[0]}' has ${length}`);
  const made = names.map((name) => column(name, columns[name]));
  return { columns: names.map((name, i) => ({ name, format: made[i].format })), batches: [{ length, columns: made }] };
}

function fromRows(rows) {
  const columns = {};
  for (const [i, row] of rows.entries()) {
    if (typeof row !== "object" || row === null) throw new TypeError(`row ${i} is ${String(row)}, an object expected`);
    for (const name of Object.keys(row)) {
      columns[name] ??= new Array(rows.length).fill(null);
      columns[name][i] = row[name];
    }
  }
  return fromColumns(columns);
}

/** A series, or one in each line: the columns series, period and y. The roles join the options. */
function fromSeries(lines, options) {
  const size = lines.reduce((sum, line) => sum + line.length, 0);
  const series = new Int32Array(size);
  const period = new Int32Array(size);
  const y = new Float64Array(size);
  let at = 0;
  lines.forEach((line, i) => {
    for (let t = 0; t < line.length; t += 1, at += 1) {
      if (typeof line[t] !== "number" && typeof line[t] !== "bigint" && !isNothing(line[t])) refuse("y", line[t], "numbers");
      series[at] = i;
      period[at] = t;
      y[at] = isNothing(line[t]) ? NaN : Number(line[t]);
    }
  });
  Object.assign(options, { keys: ["series"], time: "period", target: "y", freq: options.freq ?? "integer" });
  return fromColumns({ series, period, y });
}

/** Arrow's format of a type of apache-arrow; its name for one that rows do not have. */
function formatOf(type) {
  switch (type.typeId) {
    case 2: // Int
      return { 8: "cC", 16: "sS", 32: "iI", 64: "lL" }[type.bitWidth][type.isSigned ? 0 : 1];
    case 3: // Float
      return ["e", "f", "g"][type.precision];
    case 5: // Utf8
      return "u";
    case 6: // Bool
      return "b";
    case 7: // Decimal
      return `d:${type.precision},${type.scale},${type.bitWidth}`;
    case 8: // Date
      return type.unit === 0 ? "tdD" : "tdm";
    case 10: // Timestamp
      return `ts${"smun"[type.unit]}:${type.timezone ?? ""}`;
    case 20: // LargeUtf8
      return "U";
    case -1: // Dictionary
      return formatOf(type.indices);
    default:
      return String(type);
  }
}

/** Bits from `offset` on: apache-arrow cuts values where a slice begins, and leaves bits as they are. */
function bitsFrom(bits, offset, length) {
  if (!bits || bits.length === 0) return null;
  if (offset % 8 === 0) return bytes(bits).subarray(offset / 8);
  const out = new Uint8Array((length + 7) >> 3);
  for (let i = 0; i < length; i += 1) out[i >> 3] |= ((bits[(offset + i) >> 3] >> ((offset + i) & 7)) & 1) << (i & 7);
  return out;
}

/** A piece of a column of apache-arrow. */
function pieceOf(data) {
  const { type, offset, length } = data;
  const format = formatOf(type);
  const valid = data.nullCount > 0 ? bitsFrom(data.nullBitmap, offset, length) : null;
  let buffers = [];
  if (format === "u" || format === "U") buffers = [valid, bytes(data.valueOffsets), bytes(data.values)];
  else if (format === "b") buffers = [valid, bitsFrom(data.values, offset, length)];
  else if (format !== String(type) || type.typeId === -1) buffers = [valid, bytes(data.values)];
  const piece = { length, format, nulls: valid ? data.nullCount : 0, buffers };
  if (type.typeId === -1) {
    const words = data.dictionary.data;
    if (words.length !== 1) throw new TypeError(`a column has a dictionary in ${words.length} pieces, one expected`);
    piece.words = pieceOf(words[0]);
  }
  return piece;
}

function fromArrow(table) {
  const columns = table.schema.fields.map(({ name, type }) => ({
    name,
    format: formatOf(type),
    words: type.typeId === -1 ? formatOf(type.dictionary) : undefined,
  }));
  const batches = table.batches.map((batch) => ({ length: batch.numRows, columns: batch.data.children.map(pieceOf) }));
  return { columns, batches };
}

/** The method of what has rows in this form already. */
const ROWS = Symbol("wsf rows");

/** Data as rows; what roles a series gives its columns joins the options. */
function rows(data, options) {
  if (isTyped(data)) return fromSeries([data], options);
  if (Array.isArray(data)) {
    const first = data.find((item) => !isNothing(item));
    if (Array.isArray(first) || isTyped(first)) return fromSeries(data, options);
    return typeof first === "object" ? fromRows(data) : fromSeries([data], options);
  }
  if (typeof data?.[ROWS] === "function") return data[ROWS]();
  if (data?.schema?.fields && Array.isArray(data.batches)) return fromArrow(data);
  if (typeof data === "object" && data !== null) return fromColumns(data);
  throw new TypeError(
    "data is an expression, a table of apache-arrow, columns by name, rows, or an array of numbers, not " + String(data),
  );
}

module.exports = { ROWS, bytes, rows };
