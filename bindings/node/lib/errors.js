"use strict";
/* Errors of the library: what was found and what was expected, and where. */

class WsfError extends Error {
  /**
   * @param {string} message where and what
   * @param {object} fields status, sentence, and where it was
   */
  constructor(message, fields) {
    super(message);
    Object.assign(this, fields);
  }
}
Object.defineProperty(WsfError.prototype, "name", { value: "WsfError", configurable: true, writable: true });

/** The error of a C error record, in which a text that does not apply is empty and a number -1. */
function failed(status, sentence, field, file, series, row, byte) {
  const where = [];
  if (file) where.push(file);
  if (row >= 0) where.push(`line ${row}`);
  if (field && row >= 0) where.push(`column ${field}`);
  if (byte >= 0) where.push(`byte ${byte}`);
  const fields = { status, sentence };
  if (field) fields.field = field;
  if (file) fields.file = file;
  if (series >= 0) fields.series = series;
  if (row >= 0) fields.row = row;
  if (byte >= 0) fields.byte = byte;
  const error = new WsfError(where.length > 0 ? `${where.join(", ")}: ${sentence}` : sentence, fields);
  Error.captureStackTrace(error, failed);
  return error;
}

module.exports = { WsfError, failed };
