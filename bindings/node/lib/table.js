"use strict";
/* Results: tables whose columns are Arrow's buffers, where the library has them. */

const { inspect } = require("node:util");
const { HANDLE, keep } = require("./handles.js");
const native = require("./native.js");
const { ROWS, bytes } = require("./rows.js");

const SHOWN = 10;

/** By Arrow's format: the type of a column, the array over its values, a cell of it. */
const KINDS = {
  l: ["i64", BigInt64Array, (cell) => (Number.isSafeInteger(Number(cell)) ? Number(cell) : cell)],
  g: ["f64", Float64Array, (cell) => cell],
  f: ["f32", Float32Array, (cell) => cell],
  u: ["text", Int32Array, undefined],
  i: ["text", Int32Array, undefined],
  tdD: ["date", Int32Array, (cell) => new Date(cell * 86400000)],
  "tss:": ["time", BigInt64Array, (cell) => new Date(Number(cell) * 1000)],
};

/** The types of apache-arrow by Arrow's format. */
const ARROW = {
  l: (arrow) => new arrow.Int64(),
  g: (arrow) => new arrow.Float64(),
  f: (arrow) => new arrow.Float32(),
  u: (arrow) => new arrow.Utf8(),
  i: (arrow) => new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()),
  tdD: (arrow) => new arrow.DateDay(),
  "tss:": (arrow) => new arrow.TimestampSecond(),
};

/** The values of an exported column: numbers, codes, or the offsets of texts. */
function numbersOf({ format, buffers }) {
  return new KINDS[format][1](buffers[1]);
}

function textsOf({ length, buffers }) {
  const offsets = new Int32Array(buffers[1]);
  const text = Buffer.from(buffers[2]);
  return Array.from({ length }, (_, i) => text.toString("utf8", offsets[i], offsets[i + 1]));
}

/** The cells of a column as JavaScript's own values, null where there is none. */
function cellsOf(column) {
  const numbers = numbersOf(column);
  const valid = column.buffers[0] && new Uint8Array(column.buffers[0]);
  let cell = KINDS[column.format][2];
  if (column.words) {
    const words = textsOf(column.words);
    cell = (code) => words[code];
  }
  const cells = column.format === "u" ? textsOf(column) : Array.from(numbers, cell);
  for (let i = 0; valid && i < cells.length; i += 1) if (((valid[i >> 3] >> (i & 7)) & 1) === 0) cells[i] = null;
  return cells;
}

function dataOf(arrow, column) {
  const [valid, , text] = column.buffers;
  return arrow.makeData({
    type: ARROW[column.format](arrow),
    length: column.length,
    nullCount: column.nulls,
    nullBitmap: valid ? new Uint8Array(valid) : undefined,
    data: text ? new Uint8Array(text) : numbersOf(column),
    valueOffsets: text ? numbersOf(column) : undefined,
    dictionary: column.words ? new arrow.Vector([dataOf(arrow, column.words)]) : undefined,
  });
}

function shown(cell) {
  if (cell === null) return "";
  if (typeof cell === "number") return String(Number(cell.toPrecision(6)));
  return cell instanceof Date ? cell.toISOString().replace(/T00:00:00\.000Z$|\.000Z$/, "") : String(cell);
}

class Table {
  #columns;

  constructor(handle) {
    keep(this, { [HANDLE]: handle });
    this.#columns = native.exported(handle);
    this.length = native.length(handle);
    this.columns = this.#columns.map(({ name }) => name);
    this.types = this.#columns.map(({ format }) => KINDS[format][0]);
    Object.freeze(this);
  }

  #find(name) {
    const at = this.columns.indexOf(name);
    if (at < 0) throw new RangeError(`no column '${name}'; there are ${this.columns.join(", ")}`);
    return this.#columns[at];
  }

  column(name) {
    const column = this.#find(name);
    return "lgf".includes(column.format) ? numbersOf(column) : cellsOf(column);
  }

  values(name) {
    return cellsOf(this.#find(name));
  }

  toColumns() {
    return Object.fromEntries(this.#columns.map((column) => [column.name, cellsOf(column)]));
  }

  toRows() {
    return [...this];
  }

  toJSON() {
    return this.toRows();
  }

  toArrow(arrow) {
    return new arrow.Table(
      Object.fromEntries(this.#columns.map((column) => [column.name, new arrow.Vector([dataOf(arrow, column)])])),
    );
  }

  *[Symbol.iterator]() {
    const cells = this.#columns.map(cellsOf);
    for (let i = 0; i < this.length; i += 1)
      yield Object.fromEntries(this.columns.map((name, c) => [name, cells[c][i]]));
  }

  [ROWS]() {
    const raw = ({ length, nulls, buffers, words }) => ({
      length,
      nulls,
      buffers: buffers.map((buffer) => buffer && bytes(new Uint8Array(buffer))),
      words: words && raw(words),
    });
    return {
      columns: this.#columns.map(({ name, format, words }) => ({ name, format, words: words?.format })),
      batches: [{ length: this.length, columns: this.#columns.map(raw) }],
    };
  }

  toString() {
    const lines = this.#columns.map((column) => [column.name, ...cellsOf(column).slice(0, SHOWN).map(shown)]);
    const widths = lines.map((cells) => Math.max(...cells.map((cell) => cell.length)));
    const body = lines[0]?.map((_, i) => lines.map((cells, c) => cells[i].padStart(widths[c])).join("  ")) ?? [];
    return [...body, `(${this.length} rows, ${this.columns.length} columns)`].join("\n");
  }

  [inspect.custom]() {
    return this.toString();
  }
}

module.exports = { Table };
