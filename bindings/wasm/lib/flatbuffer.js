/* Flatbuffers, as far as Arrow's messages need them: tables, vectors and texts. Reading beyond the bytes is a
 * RangeError of DataView. */

const decoder = new TextDecoder();

export class FlatTable {
  #view;
  #at;

  constructor(view, at) {
    this.#view = view;
    this.#at = at;
  }

  /** The table that a buffer begins with. */
  static root(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  /** Where a field lies, 0 if it is not there. */
  #field(index) {
    const vtable = this.#at - this.#view.getInt32(this.#at, true);
    const entry = 4 + 2 * index;
    if (entry >= this.#view.getUint16(vtable, true)) return 0;
    const offset = this.#view.getUint16(vtable + entry, true);
    return offset === 0 ? 0 : this.#at + offset;
  }

  #target(index) {
    const at = this.#field(index);
    return at === 0 ? 0 : at + this.#view.getUint32(at, true);
  }

  byte(index, preset = 0) {
    const at = this.#field(index);
    return at === 0 ? preset : this.#view.getUint8(at);
  }

  short(index, preset = 0) {
    const at = this.#field(index);
    return at === 0 ? preset : this.#view.getInt16(at, true);
  }

  int(index, preset = 0) {
    const at = this.#field(index);
    return at === 0 ? preset : this.#view.getInt32(at, true);
  }

  long(index) {
    const at = this.#field(index);
    return at === 0 ? 0 : Number(this.#view.getBigInt64(at, true));
  }

  text(index) {
    const at = this.#target(index);
    if (at === 0) return "";
    const size = this.#view.getUint32(at, true);
    return decoder.decode(new Uint8Array(this.#view.buffer, this.#view.byteOffset + at + 4, size));
  }

  table(index) {
    const at = this.#target(index);
    return at === 0 ? null : new FlatTable(this.#view, at);
  }

  tables(index) {
    const at = this.#target(index);
    const count = at === 0 ? 0 : this.#view.getUint32(at, true);
    return Array.from({ length: count }, (_, i) => {
      const entry = at + 4 + 4 * i;
      return new FlatTable(this.#view, entry + this.#view.getUint32(entry, true));
    });
  }

  /** A vector of structs of two 64-bit numbers. */
  pairs(index) {
    const at = this.#target(index);
    const count = at === 0 ? 0 : this.#view.getUint32(at, true);
    const number = (place) => Number(this.#view.getBigInt64(place, true));
    return Array.from({ length: count }, (_, i) => [number(at + 4 + 16 * i), number(at + 12 + 16 * i)]);
  }
}
