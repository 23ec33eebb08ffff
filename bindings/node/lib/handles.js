"use strict";
/* What an object of the package keeps for itself: handles of the addon, and what belongs to them. */

const HANDLE = Symbol("wsf handle");

/** Keeps fields that neither loops nor console.log show. */
function keep(object, fields) {
  for (const key of Reflect.ownKeys(fields)) Object.defineProperty(object, key, { value: fields[key] });
}

module.exports = { HANDLE, keep };
