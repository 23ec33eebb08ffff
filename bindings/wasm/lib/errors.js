/* Errors of the library: what was found and what was expected, and where. */

export class WsfError extends Error {
  /** fields: status, sentence, and where it was: field, file, series, row, byte, as far as they apply */
  constructor({ status, sentence, ...where }) {
    const { field, file, row, byte } = where;
    const places = [];
    if (file) places.push(file);
    if (row !== undefined) places.push(`line ${row}`);
    if (field && row !== undefined) places.push(`column ${field}`);
    if (byte !== undefined) places.push(`byte ${byte}`);
    super(places.length > 0 ? `${places.join(", ")}: ${sentence}` : sentence);
    Object.assign(this, { status, sentence, ...where });
  }
}
Object.defineProperty(WsfError.prototype, "name", { value: "WsfError", configurable: true, writable: true });
