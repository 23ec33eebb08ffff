/* Forecast your CSV without uploading it: what the page does. */

import { client } from "../lib/client.js";
import { browser } from "../lib/host_browser.js";
import { plot } from "./plot.js";

const LINES = 500; // of a table that are shown
const EXAMPLE_DAYS = 730;

const beside = () => ({
  wasm: new URL("../lib/wsf.wasm", import.meta.url),
  worker: new URL("../lib/worker_browser.js", import.meta.url),
});
// The one-file page carries both inside (pack.js).
const wsf = client(browser((await globalThis.packed?.()) ?? beside()));
const $ = (id) => document.getElementById(id);

let data = null; // a File, or text
let aborter = null;

function say(sentence) {
  $("status").textContent = sentence;
}

function fail(error) {
  say("");
  $("problem").hidden = false;
  $("problem").textContent = error.message;
}

/** Runs one piece of work, during which the buttons wait. */
async function work(sentence, piece) {
  $("problem").hidden = true;
  say(sentence);
  aborter = new AbortController();
  $("stop").disabled = false;
  $("go").disabled = true;
  try {
    await piece(aborter.signal);
  } catch (error) {
    fail(aborter.signal.aborted ? new Error("Stopped.") : error);
  } finally {
    $("stop").disabled = true;
    $("go").disabled = false;
  }
}

function cellText(cell) {
  if (cell === null) return "";
  if (cell instanceof Date) return cell.toISOString().replace(/T00:00:00\.000Z$|\.000Z$/, "");
  return typeof cell === "number" ? String(Number(cell.toPrecision(6))) : String(cell);
}

function shown(caption, table, keep = () => true) {
  const made = document.createElement("table");
  made.createCaption().textContent = caption;
  const head = made.createTHead().insertRow();
  for (const name of table.columns) {
    const th = document.createElement("th");
    th.scope = "col";
    th.textContent = name;
    head.append(th);
  }
  const body = made.createTBody();
  for (const row of table.toRows().filter(keep).slice(0, LINES)) {
    const line = body.insertRow();
    for (const name of table.columns) {
      const cell = line.insertCell();
      cell.textContent = cellText(row[name]);
      if (typeof row[name] === "number") cell.className = "number";
    }
  }
  return made;
}

function listed(caption, sentences) {
  if (sentences.length === 0) return [];
  const heading = document.createElement("p");
  heading.textContent = caption;
  const list = document.createElement("ul");
  for (const sentence of sentences) {
    const item = document.createElement("li");
    item.textContent = sentence;
    list.append(item);
  }
  return [heading, list];
}

function look(given) {
  data = given;
  $("result").hidden = true;
  return work("Looking at the data …", async (signal) => {
    const { columns, expression, reason, doubts } = await wsf.propose(data, { signal });
    $("read").hidden = false;
    $("columns").replaceChildren(shown("Columns", columns));
    $("doubts").replaceChildren(...listed("What is doubtful:", doubts));
    $("expression").value = expression ?? "";
    if (reason) throw new Error(`Nothing is proposed to load it by: ${reason}`);
    say("Read. Check how it is read, then forecast.");
  });
}

/** Columns of a table of forecasts or values: the keys, the time, and the one of numbers behind it. */
function parts(table, number) {
  const at = table.columns.indexOf(number);
  return { keys: table.columns.slice(0, at - 1), time: table.columns[at - 1] };
}

function nameOf(row, keys) {
  return keys.map((key) => cellText(row[key])).join(", ") || "the series";
}

function grouped(table, keys) {
  const groups = new Map();
  for (const row of table) {
    const name = nameOf(row, keys);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(row);
  }
  return groups;
}

function draw(level, forecasts, values, name) {
  const ahead = forecasts.rows.get(name) ?? [];
  const past = values.rows.get(name) ?? [];
  const column = (rows, what) => rows.map((row) => row[what]);
  const labelled = [...column(past, values.time), ...column(ahead, forecasts.time)].map(cellText);
  const drawn = {
    title: `${name}: ${past.length} periods of history, then the forecast of ${ahead.length} with its interval of ${level} %`,
    history: column(past, values.number),
    forecast: column(ahead, "forecast"),
    low: column(ahead, `lo-${level}`),
    high: column(ahead, `hi-${level}`),
    labelled,
  };
  const caption = document.createElement("figcaption");
  caption.textContent = drawn.title;
  $("plot").replaceChildren(plot(drawn), caption);
}

function show({ table, doubts, model, expression }, history, level) {
  const { keys, time } = parts(table, "forecast");
  const forecasts = { rows: grouped(table, keys), time };
  const number = history.columns[history.columns.indexOf(time) + 1];
  const values = { rows: grouped(history, keys), time, number };
  $("doubts").replaceChildren(...listed("What is doubtful:", doubts));
  $("about").textContent = `${forecasts.rows.size} series, model ${model}, data ${expression}`;
  $("series").replaceChildren(...[...forecasts.rows.keys()].map((name) => new Option(name)));
  $("series").onchange = () => draw(level, forecasts, values, $("series").value);
  draw(level, forecasts, values, $("series").value);
  URL.revokeObjectURL($("download").href);
  $("download").href = URL.createObjectURL(new Blob([table.toCSV()], { type: "text/csv" }));
  const most = table.length > LINES ? `, the first ${LINES} of ${table.length} rows` : "";
  $("table").replaceChildren(shown(`Forecasts${most}`, table));
  $("result").hidden = false;
  say(`Done: ${table.length} forecasts.`);
}

function forecast() {
  const level = Number($("level").value);
  const load = $("expression").value.trim();
  return work("Forecasting …", async (signal) => {
    const progress = (stage, done, total) => say(`Forecasting: ${stage}, ${done} of ${total} …`);
    const options = { load, horizon: Number($("horizon").value), model: $("model").value.trim(), levels: [level] };
    const result = await wsf.forecast(data, { ...options, signal, progress });
    const { table: history } = await wsf.describe(data, "values", { load, signal });
    show(result, history, level);
  });
}

/** Two shops that sell more at the weekend and towards the end of the year. */
function example() {
  const lines = ["shop,day,sold"];
  for (let i = 0; i < EXAMPLE_DAYS; i += 1) {
    const day = new Date(Date.UTC(2023, 0, 1 + i)).toISOString().slice(0, 10);
    const weekend = [30, 0, 2, 1, 5, 14, 38][i % 7];
    const year = 20 * Math.cos((2 * Math.PI * (i - 350)) / 365.25);
    const noise = ((i * 7919) % 23) - 11;
    for (const [shop, size] of [["North", 1], ["South", 0.6]])
      lines.push(`${shop},${day},${Math.round(size * (80 + weekend + year + noise))}`);
  }
  return `${lines.join("\n")}\n`;
}

$("file").addEventListener("change", ({ target }) => target.files[0] && look(target.files[0]));
$("look").addEventListener("click", () => look($("text").value));
$("example").addEventListener("click", () => {
  $("text").value = example();
  return look($("text").value);
});
$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  return forecast();
});
$("stop").addEventListener("click", () => aborter?.abort());
document.documentElement.dataset.ready = "yes";
