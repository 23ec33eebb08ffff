/* The package in Node: data of each kind, what is read and how, errors, stopping. */

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { WsfError, analyze, backtest, catalog, close, describe, forecast, open, propose, quote } from "wsf-wasm";

const arrow = createRequire(process.env.WSF_TOOLS)("apache-arrow");

const DAYS = 56;
const rows = Array.from({ length: 2 * DAYS }, (_, i) => ({
  shop: i % 2 === 0 ? "Köln" : 'Ulm, "Nord"',
  day: new Date(Date.UTC(2024, 0, 1 + (i >> 1))),
  sold: i === 9 ? null : 20 + ((i >> 1) % 7) * 3 + (i % 2),
}));
const field = (text) => `"${text.replaceAll('"', '""')}"`;
const CSV = ["shop,day,sold", ...rows.map(({ shop, day, sold }) => `${field(shop)},${day.toISOString().slice(0, 10)},${sold ?? ""}`)].join("\n");
const ROLES = { keys: "shop", time: "day", target: "sold" };
const ASKED = { model: "snaive", horizon: 7, levels: [80, 95] };

test("text, bytes and files give the same, with what they are read by", async () => {
  const { table, expression, doubts, model } = await forecast(CSV, ASKED);
  assert.equal(expression, 'csv("data", keys=shop, time=day, target=sold)');
  assert.deepEqual(doubts, []);
  assert.equal(model, "snaive");
  assert.deepEqual(table.columns, ["shop", "day", "forecast", "lo-80", "hi-80", "lo-95", "hi-95"]);
  assert.equal(table.length, 14);
  assert.deepEqual(table.toRows()[0].day, new Date(Date.UTC(2024, 1, 26)));
  assert.ok(table.column("forecast") instanceof Float64Array);
  const bytes = new TextEncoder().encode(CSV);
  for (const data of [bytes, bytes.buffer, new Blob([CSV])])
    assert.equal((await forecast(data, ASKED)).table.toCSV(), table.toCSV());
  assert.equal((await forecast(CSV, { ...ASKED, ...ROLES })).table.toCSV(), table.toCSV());
  assert.equal((await forecast(CSV, { ...ASKED, load: expression })).table.toCSV(), table.toCSV());
  assert.match(table.toCSV(), /\n"Ulm, ""Nord""",2024-02-26,/);
});

for (const kind of ["stream", "file"]) {
  test(`an Arrow ${kind} gives what its text gives`, async () => {
    const table = new arrow.Table({
      shop: arrow.vectorFromArray(rows.map(({ shop }) => shop)), // a dictionary
      note: arrow.vectorFromArray(rows.map(() => "plain"), new arrow.Utf8()),
      day: arrow.vectorFromArray(rows.map(({ day }) => day), new arrow.DateDay()),
      sold: arrow.vectorFromArray(rows.map(({ sold }) => sold), new arrow.Int32()),
    });
    const bytes = arrow.tableToIPC(table, kind);
    const { table: forecasts } = await forecast(bytes, { ...ASKED, ...ROLES });
    assert.equal(forecasts.toCSV(), (await forecast(CSV, ASKED)).table.toCSV());
    await assert.rejects(forecast(bytes, ASKED), { name: "TypeError", message: /keys, time and target/ });
    await assert.rejects(forecast(bytes.slice(0, bytes.length - 600), { ...ASKED, ...ROLES }), WsfError);
  });
}

test("nested and compressed Arrow is refused by a sentence", async () => {
  const lists = arrow.tableFromArrays({ sold: [[1, 2], [3]] });
  const refused = forecast(arrow.tableToIPC(lists, "stream"), { ...ASKED, ...ROLES });
  await assert.rejects(refused, { status: "E_DATA", message: /column sold is of Arrow's type/ });
});

test("a file that nobody has described is proposed, with its doubts", async () => {
  const found = await propose("day;sold\n03.01.2024;1,5\n04.01.2024;2,5\n05.01.2024;3,5\n");
  assert.match(found.expression, /^csv\("data", .*target=sold/);
  assert.match(found.doubts[0], /day from month/);
  assert.deepEqual(found.columns.values("part"), ["time", "target"]);
  assert.equal(found.reason, null);
  const none = await propose("a,b\nx,y\n");
  assert.equal(none.expression, null);
  assert.ok(none.reason.length > 0);
  await assert.rejects(forecast("a,b\nx,y\n", ASKED), { status: "E_DATA" });
});

test("doubts of a load come with the forecast", async () => {
  const twice = "day,sold\n03.01.2024,1\n04.01.2024,2\n05.01.2024,3\n";
  const { doubts } = await forecast(twice, { ...ASKED, horizon: 1, time: "day", target: "sold" });
  assert.match(doubts.join(), /day from month/);
});

test("describe, analyze, backtest and catalog", async () => {
  assert.equal((await describe(CSV, "series")).table.length, 2);
  assert.equal((await describe(CSV, "values")).table.length, 2 * DAYS);
  assert.deepEqual((await analyze(CSV, "seasons")).table.values("period").slice(0, 1), [7]);
  const { summary, folds } = await backtest(CSV, ["snaive", "naive"], { horizon: 7, windows: 2, metrics: ["wape"] });
  assert.deepEqual(summary.values("model").sort(), ["naive", "snaive"]);
  assert.equal(folds.length, 4);
  assert.ok((await catalog("ets")).table.length > 3);
});

test("errors say where and what", async () => {
  const wrong = forecast(CSV, { ...ASKED, model: "mean(ets, arimaa)" });
  await assert.rejects(wrong, { name: "WsfError", status: "E_NAME", byte: 10, message: /did you mean 'arima'/ });
  await assert.rejects(forecast(CSV, { ...ASKED, horizon: 0 }), { status: "E_VALUE", field: "horizon" });
  await assert.rejects(forecast(CSV, { ...ASKED, load: 'csv("sales.csv", time=day, target=sold)' }), { status: "E_IO" });
  await assert.rejects(forecast(null, ASKED), TypeError);
  await assert.rejects(forecast(7, ASKED), TypeError);
  assert.equal((await forecast(CSV, ASKED)).table.length, 14); // the worker goes on
});

test("progress is told, and a call stops by its signal, by false and by an exception", async () => {
  const long = { load: "simulate(stores=45, depts=9)", horizon: 4, model: "arima" };
  let told = 0;
  await forecast(null, { ...long, model: "ets", progress: (stage, done, total) => (told += done <= total) });
  assert.ok(told > 0);
  await assert.rejects(forecast(null, { ...long, signal: AbortSignal.timeout(200) }), { name: "TimeoutError" });
  await assert.rejects(forecast(null, { ...long, signal: AbortSignal.abort() }), { name: "AbortError" });
  await assert.rejects(forecast(null, { ...long, progress: () => false }), { name: "AbortError" });
  const thrown = new Error("enough");
  await assert.rejects(forecast(null, { ...long, progress: () => { throw thrown; } }), thrown);
  assert.equal((await forecast(CSV, ASKED)).table.length, 14);
});

test("workers of their own work side by side", async () => {
  const mine = open();
  const [here, there] = await Promise.all([forecast(CSV, ASKED), mine.forecast(CSV, ASKED)]);
  assert.equal(here.table.toCSV(), there.table.toCSV());
  mine.close();
  close();
  assert.equal((await forecast(CSV, ASKED)).table.length, 14);
});

test("memory comes back: a hundred calls need no more than ten", async () => {
  const mine = open();
  for (let i = 0; i < 10; i += 1) await mine.forecast(CSV, ASKED);
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 100; i += 1) await mine.forecast(CSV, ASKED);
  mine.close();
  assert.ok(process.memoryUsage().rss - before < 64 << 20);
});

test("options as text of the grammar", () => {
  assert.equal(quote('a "b"'), '"a \\"b\\""');
  assert.equal(quote([1, true, new Date(Date.UTC(2024, 0, 31))]), '[1, true, "2024-01-31"]');
});
