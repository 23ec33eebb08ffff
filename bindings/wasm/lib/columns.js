/* A table of the library as plain columns, which one thread of JavaScript can hand to another:
 * { name, type, data, valid }; data is a typed array or an array of texts, valid is null where no cell is missing. */

const ARRAYS = {
  i64: ["wsf_table_i64", BigInt64Array],
  f64: ["wsf_table_f64", Float64Array],
  f32: ["wsf_table_f32", Float32Array],
  date: ["wsf_table_i64", BigInt64Array],
  time: ["wsf_table_i64", BigInt64Array],
};

function textsOf(module, table, column, rows) {
  const codes = module.call("wsf_table_codes", table, column);
  if (codes === 0)
    return Array.from({ length: rows }, (_, row) => module.text(module.call("wsf_table_text", table, column, BigInt(row), 0)));
  const categories = Number(module.call("wsf_table_categories", table, column));
  const words = Array.from({ length: categories }, (_, code) =>
    module.text(module.call("wsf_table_category", table, column, BigInt(code), 0)),
  );
  return Array.from(module.numbers(Int32Array, codes, rows), (code) => words[code]);
}

function validOf(module, table, column, rows) {
  const valid = Uint8Array.from({ length: rows }, (_, row) =>
    module.call("wsf_table_is_null", table, column, BigInt(row)) === 0 ? 1 : 0,
  );
  return valid.includes(0) ? valid : null;
}

function columnOf(module, table, index, rows) {
  const column = BigInt(index);
  const name = module.text(module.call("wsf_table_name", table, column));
  const type = module.text(module.call("wsf_type_name", module.call("wsf_table_type", table, column)));
  const [values, ArrayType] = ARRAYS[type] ?? [];
  const data = values
    ? module.numbers(ArrayType, module.call(values, table, column), rows)
    : textsOf(module, table, column, rows);
  return { name, type, data, valid: validOf(module, table, column, rows) };
}

export function columnsOf(module, table) {
  const rows = Number(module.call("wsf_table_rows", table));
  const columns = Number(module.call("wsf_table_columns", table));
  return { length: rows, columns: Array.from({ length: columns }, (_, i) => columnOf(module, table, i, rows)) };
}
