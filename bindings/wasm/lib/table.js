/* Results: named, typed columns. */

const CELLS = {
  i64: (cell) => (Number.isSafeInteger(Number(cell)) ? Number(cell) : cell),
  f64: (cell) => (Number.isNaN(cell) ? null : cell),
  f32: (cell) => (Number.isNaN(cell) ? null : cell),
  text: (cell) => cell,
  date: (cell) => new Date(Number(cell) * 86400000),
  time: (cell) => new Date(Number(cell) * 1000),
};

/** A cell as text: numbers in the shortest form that reads back to the same bits, days as 2024-01-31. */
function written(cell, type) {
  if (cell === null) return "";
  if (type === "date") return cell.toISOString().slice(0, -14);
  if (type === "time") return cell.toISOString().slice(0, -5);
  return String(cell);
}

const field = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export class Table {
  #columns;

  /** Columns as lib/columns.js makes them. */
  constructor({ length, columns }) {
    this.#columns = new Map(columns.map((column) => [column.name, column]));
    this.length = length;
    this.columns = columns.map(({ name }) => name);
    this.types = columns.map(({ type }) => type);
    Object.freeze(this);
  }

  #find(name) {
    const column = this.#columns.get(name);
    if (!column) throw new RangeError(`no column '${name}'; there are ${this.columns.join(", ")}`);
    return column;
  }

  column(name) {
    const { type, data } = this.#find(name);
    return type === "date" || type === "time" ? this.values(name) : data;
  }

  values(name) {
    const { type, data, valid } = this.#find(name);
    return Array.from(data, (cell, i) => (valid && !valid[i] ? null : CELLS[type](cell)));
  }

  toColumns() {
    return Object.fromEntries(this.columns.map((name) => [name, this.values(name)]));
  }

  toRows() {
    return [...this];
  }

  toJSON() {
    return this.toRows();
  }

  toCSV() {
    const cells = this.columns.map((name, c) => [
      name,
      ...this.values(name).map((cell) => written(cell, this.types[c])),
    ]);
    const lines = Array.from({ length: this.length + 1 }, (_, row) => cells.map((column) => field(column[row])));
    return lines.map((line) => `${line.join(",")}\n`).join("");
  }

  *[Symbol.iterator]() {
    const cells = this.columns.map((name) => this.values(name));
    for (let row = 0; row < this.length; row += 1)
      yield Object.fromEntries(this.columns.map((name, c) => [name, cells[c][row]]));
  }
}
