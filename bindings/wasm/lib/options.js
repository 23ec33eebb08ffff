/* Options of JavaScript as text of the library's grammar. */

/** A Date as the library reads it: in UTC, a day alone where there is no time of day. */
function moment(date) {
  const text = date.toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, -14) : text.slice(0, -5);
}

/** A value as text of the grammar. */
export function quote(option) {
  switch (typeof option) {
    case "string":
      return `"${option.replace(/[\\"]/g, "\\$&")}"`;
    case "number":
      if (Number.isFinite(option)) return String(option);
      break;
    case "boolean":
    case "bigint":
      return String(option);
    case "object":
      if (option instanceof Date) return `"${moment(option)}"`;
      if (typeof option?.[Symbol.iterator] === "function") return `[${Array.from(option, quote).join(", ")}]`;
      break;
    default:
  }
  throw new TypeError(`an option is text, a finite number, a Date or a list of them, not ${String(option)}`);
}

/** `key=value` text of the options that are there: minObs is min_obs. */
export function text(options) {
  return Object.entries(options)
    .filter(([, option]) => option !== undefined && option !== null)
    .map(([name, option]) => `${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}=${quote(option)}`)
    .join(", ");
}
