/* Arrow's bytes, a stream or a file (https://arrow.apache.org/docs/format/Columnar.html), as columns and batches in
 * the formats of its C interface. Nested, compressed and big-endian data is refused. */

import { FlatTable } from "./flatbuffer.js";

const [SCHEMA, DICTIONARY, BATCH] = [1, 2, 3]; // kinds of messages
const MAGIC = [65, 82, 82, 79, 87, 49]; // "ARROW1"
const UNITS = ["s", "m", "u", "n"];

const begins = (bytes, magic) => magic.every((byte, i) => bytes[i] === byte);

/** A file has the stream behind its magic; no text begins with four bytes of 255. */
export function isArrow(bytes) {
  return begins(bytes, MAGIC) || begins(bytes, [255, 255, 255, 255]);
}

/** Integers: "c" of 8 bits to "l" of 64, in capitals without sign. */
function integer(type) {
  const letter = { 8: "c", 16: "s", 32: "i", 64: "l" }[type.int(0)];
  return type.byte(1) ? letter : letter.toUpperCase();
}

/** By the number of the type: its format and how many buffers it has. */
const TYPES = {
  2: [integer, 2],
  3: [(type) => ["e", "f", "g"][type.short(0)], 2],
  5: [() => "u", 3],
  6: [() => "b", 2],
  7: [(type) => `d:${type.int(0)},${type.int(1)}`, 2],
  8: [(type) => (type.short(0, 1) === 0 ? "tdD" : "tdm"), 2],
  10: [(type) => `ts${UNITS[type.short(0)]}:${type.text(1)}`, 2],
  20: [() => "U", 3],
};

function fieldOf(field) {
  const name = field.text(0);
  const [format, buffers] = TYPES[field.byte(2)] ?? [];
  const valued = format?.(field.table(3));
  if (!valued) throw new TypeError(`column ${name} is of Arrow's type number ${field.byte(2)}, expected numbers, texts, booleans, days or times`);
  const encoding = field.table(4);
  if (!encoding) return { name, format: valued, buffers, words: null };
  const codes = encoding.table(1);
  return { name, format: codes ? integer(codes) : "i", buffers: 2, words: { id: encoding.long(0), format: valued, buffers } };
}

function schemaOf(schema) {
  if (schema.short(0) !== 0) throw new TypeError("Arrow's numbers are big-endian, expected little-endian ones");
  return schema.tables(1).map(fieldOf);
}

/** The schema of a file stands in its footer, whose size is its last number; not every writer begins with it, too. */
function footerOf(bytes) {
  const end = bytes.length - MAGIC.length - 4;
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getInt32(end, true);
  return schemaOf(FlatTable.root(bytes.subarray(end - size, end)).table(1));
}

/** Messages with what lies behind each, up to the end mark. */
function* messages(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = begins(bytes, MAGIC) ? 8 : 0;
  while (at + 8 <= bytes.length) {
    if (view.getUint32(at, true) === 0xffffffff) at += 4;
    const size = view.getInt32(at, true);
    if (size === 0) return;
    const message = FlatTable.root(bytes.subarray(at + 4, at + 4 + size));
    const body = at + 4 + size;
    yield { kind: message.byte(1), header: message.table(2), body: bytes.subarray(body, body + message.long(3)) };
    at = body + message.long(3);
  }
}

/** Takes columns off a record batch, one after the other. */
function taker(batch, body) {
  if (batch.table(3)) throw new TypeError("Arrow's buffers are compressed, expected plain ones");
  const nodes = batch.pairs(1);
  const places = batch.pairs(2);
  return (buffers) => {
    const [length, nulls] = nodes.shift();
    const parts = places.splice(0, buffers).map(([offset, size], i) => {
      if (offset + size > body.length) throw new RangeError("Arrow's bytes end inside a batch");
      return i === 0 && nulls === 0 ? null : body.subarray(offset, offset + size);
    });
    return { length, nulls, buffers: parts };
  };
}

/** { columns: [{ name, format, words }], batches: [{ length, columns: [{ length, nulls, buffers, words }] }] } */
export function readArrow(bytes) {
  let columns = begins(bytes, MAGIC) ? footerOf(bytes) : undefined;
  const words = new Map();
  const batches = [];
  for (const { kind, header, body } of messages(bytes)) {
    if (kind === SCHEMA) {
      columns = schemaOf(header);
    } else if (kind === DICTIONARY) {
      if (header.byte(2)) throw new TypeError("an Arrow dictionary grows by deltas, expected whole ones");
      const id = header.long(0);
      const column = columns.find((field) => field.words?.id === id);
      words.set(id, taker(header.table(1), body)(column.words.buffers));
    } else if (kind === BATCH) {
      const take = taker(header, body);
      const parts = columns.map((field) => ({ ...take(field.buffers), words: field.words && words.get(field.words.id) }));
      batches.push({ length: header.long(0), columns: parts });
    }
  }
  if (!columns) throw new TypeError("Arrow's bytes have no schema");
  return { columns, batches };
}
