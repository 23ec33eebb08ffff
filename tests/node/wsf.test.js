"use strict";
/* The package as its users have it: installed, from tables, rows and arrays to forecasts and back. */

const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");
const { pathToFileURL } = require("node:url");
const { inspect } = require("node:util");
const { Worker } = require("node:worker_threads");
const arrow = require("apache-arrow");
const wsf = require("wsf");

const SALES = "simulate(stores=2, depts=3, weeks=120, seed=1)";
const COLUMNS = { keys: ["Store", "Dept"], time: "Date", target: "Weekly_Sales", freq: "week" };
const LONG = "simulate(stores=45, depts=40, weeks=143, seed=1)";
const SLOW = "best(arima, ets, theta, windows=3)";

const sales = async () => (await wsf.Dataset.open(SALES)).describe("values");
const days = (n, from = "2024-01-01") => Array.from({ length: n }, (_, i) => new Date(Date.parse(from) + i * 86400000));
const fails = (promise, fields) => assert.rejects(promise, (error) => {
  assert.ok(error instanceof wsf.WsfError, inspect(error));
  for (const [name, value] of Object.entries(fields))
    if (value instanceof RegExp) assert.match(error[name], value);
    else assert.equal(error[name], value, name);
  return true;
});

// ---- in

test("tables, rows and columns give what the expression gives", async () => {
  const values = await sales();
  const want = (await wsf.forecast(SALES, "snaive", { horizon: 4, levels: [80] })).toRows();
  const given = { arrow: values.toArrow(arrow), ipc: arrow.tableFromIPC(arrow.tableToIPC(values.toArrow(arrow))), table: values, rows: values.toRows(), columns: values.toColumns() };
  for (const [name, data] of Object.entries(given)) {
    const got = await wsf.forecast(data, "snaive", { horizon: 4, levels: [80], ...COLUMNS });
    assert.deepEqual(got.toRows(), want, name);
  }
});

test("types of apache-arrow, slices and several batches", async () => {
  const n = 40;
  const when = days(n).map((_, i, all) => all[i >> 1]);
  const shop = arrow.vectorFromArray(when.map((_, i) => ["ä", "öö"][i % 2]), new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()));
  const columns = {
    shop,
    text: arrow.vectorFromArray(when.map((_, i) => `${i % 2}`), new arrow.LargeUtf8()),
    day: arrow.vectorFromArray(when, new arrow.DateDay()),
    at: arrow.vectorFromArray(when, new arrow.TimestampMillisecond()),
    sold: arrow.vectorFromArray(when.map((_, i) => (i === 11 ? null : Math.floor(i / 2) % 7)), new arrow.Float64()),
    open: arrow.vectorFromArray(when.map((_, i) => i % 3 === 0), new arrow.Bool()),
    tags: arrow.vectorFromArray(when.map(() => ["a"]), new arrow.List(new arrow.Field("item", new arrow.Utf8()))),
  };
  const whole = new arrow.Table(columns);
  const parts = new arrow.Table([...whole.slice(0, 13).batches, ...whole.slice(13).batches]);
  assert.equal(parts.batches.length, 2);
  const read = async (data, keys, time) => {
    const ds = await wsf.Dataset.open(data, { keys, time, target: "sold", known: "open", freq: "day" });
    return (await ds.describe("values")).toRows().map(({ sold, open }) => [sold, open]);
  };
  const want = await read(whole, "shop", "day");
  assert.equal(want.filter(([sold]) => sold === null).length, 1);
  for (const [keys, time] of [["shop", "day"], ["text", "day"], ["shop", "at"]])
    assert.deepEqual(await read(parts, keys, time), want, `${keys} ${time}`);
  const tail = await read(whole.slice(13), "shop", "day"); // bits that begin within a byte
  assert.deepEqual(tail.map(([sold]) => sold).slice(0, 13), want.map(([sold]) => sold).slice(7, 20));
});

test("columns are arrays, typed arrays, dates and texts", async () => {
  const n = 28;
  const roles = { keys: "shop", time: "day", target: "sold", horizon: 7 };
  const sold = Array.from({ length: n }, (_, i) => i % 7);
  const shop = Array(n).fill("ä😀");
  const t = await wsf.forecast({ shop, day: days(n), sold }, "snaive", roles);
  assert.deepEqual(t.values("forecast"), [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(t.values("shop"), Array(7).fill("ä😀"));
  assert.deepEqual(t.types, ["text", "date", "f64"]);
  assert.equal(t.values("day")[0].toISOString(), "2024-01-29T00:00:00.000Z");
  for (const kind of [Float64Array, Float32Array, Int32Array, Int16Array, Uint8Array, Uint8ClampedArray, Uint16Array, Int8Array, Uint32Array])
    assert.deepEqual((await wsf.forecast({ shop, day: days(n), sold: kind.from(sold) }, "snaive", roles)).toRows(), t.toRows(), kind.name);
  for (const kind of [BigInt64Array, BigUint64Array])
    assert.deepEqual((await wsf.forecast({ shop, day: days(n), sold: kind.from(sold, BigInt) }, "snaive", roles)).toRows(), t.toRows(), kind.name);
  const texts = days(n).map((day) => day.toISOString().slice(0, 10));
  assert.deepEqual((await wsf.forecast({ shop, day: texts, sold }, "snaive", roles)).toRows(), t.toRows());
  const hours = Array.from({ length: 48 }, (_, i) => new Date(Date.UTC(2024, 0, 1, i)));
  const h = await wsf.forecast({ t: hours, y: hours.map((at) => at.getUTCHours()) }, "snaive", { time: "t", target: "y", season: 24, horizon: 2 });
  assert.deepEqual(h.toRows(), [0, 1].map((i) => ({ t: new Date(Date.UTC(2024, 0, 3, i)), forecast: i })));
});

test("what is missing stays missing", async () => {
  const ds = await wsf.Dataset.open({ t: [1, 2, 3, 4, 5], y: [1, null, undefined, NaN, 2], z: [2 ** 40, 1, 2, 3, 4] }, { time: "t", target: "y", known: "z" });
  const values = await ds.describe("values");
  assert.deepEqual(values.values("y"), [1, null, null, null, 2]);
  assert.deepEqual(values.values("z"), [2 ** 40, 1, 2, 3, 4]);
  const sparse = await wsf.Dataset.open([{ t: 1, y: 1, w: 5 }, { t: 2, w: 6 }, { t: 3, y: 2 }], { time: "t", target: "y", past: "w" });
  assert.deepEqual((await sparse.describe("values")).values("y"), [1, null, 2]);
  await fails(wsf.Dataset.open({ k: ["a", null], t: [1, 1], y: [1, 2] }, { keys: "k", time: "t", target: "y" }), { status: "E_DATA" });
});

test("an array is a series, and one of arrays many", async () => {
  for (const kind of [Array, Float64Array, Float32Array, Int32Array, Uint8Array]) {
    const one = kind.from([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]);
    const t = await wsf.forecast(one, "snaive", { horizon: 4, season: 4 });
    assert.deepEqual(t.values("forecast"), [1, 2, 3, 4]);
    assert.deepEqual(t.values("period"), [12, 13, 14, 15]);
    const two = await wsf.forecast([one, kind.from(one).reverse()], "snaive", { horizon: 2, season: 4 });
    assert.deepEqual(two.values("series"), [0, 0, 1, 1]);
    assert.deepEqual(two.values("forecast"), [1, 2, 4, 3]);
  }
  const mean = await wsf.forecast([1, 2, 3, null, 1, 2, 3, NaN, 1, 2, 3, undefined], "average", { horizon: 1 });
  assert.ok(Math.abs(mean.values("forecast")[0] - 2) < 1e-9);
});

test("what is no data is told", async () => {
  await assert.rejects(wsf.fit(3.5), /^TypeError: data is an expression, a table of apache-arrow/);
  await assert.rejects(wsf.fit({ t: [1, 2, 3], y: [1, 2] }, { time: "t", target: "y" }), /column 'y' has 2 values, 't' has 3/);
  await assert.rejects(wsf.fit({ t: [1, 2], y: ["a", 2] }), /column 'y' holds 2 among texts/);
  await assert.rejects(wsf.fit({ t: [1, 2], y: [1, "2"] }), /column 'y' holds "2" among numbers/);
  await assert.rejects(wsf.fit({ t: [new Date(NaN)], y: [1] }), /holds Invalid Date among dates/);
  await assert.rejects(wsf.fit({ t: [1n, 2n ** 64n], y: [1, 2] }), /among whole numbers of 64 bits/);
  await assert.rejects(wsf.fit({ t: "12", y: [1, 2] }), /column 't' is no array/);
  await assert.rejects(wsf.fit([{ t: 1, y: 1 }, 5], { time: "t", target: "y" }), /row 1 is 5/);
  await assert.rejects(wsf.Dataset.open(SALES, { time: "Date" }), /names its columns itself: time/);
  const ds = await wsf.Dataset.open(SALES);
  await assert.rejects(wsf.fit(ds, "ets", { keys: "a" }), /has its columns and context already: keys/);
  await assert.rejects(wsf.fit(ds, "ets", { seconds: () => 1 }), /an option is text/);
  await assert.rejects(wsf.evaluate({}, ds, ds), /not a table of this thread/);
  await assert.rejects(wsf.fit("simulate()\0"), /a text with a character 0/);
});

test("lengths and offsets that lie are told, not read", async () => {
  const t = new arrow.Table({ k: arrow.vectorFromArray(["aa", "bb"], new arrow.Utf8()), y: arrow.vectorFromArray([1, 2], new arrow.Float64()) });
  const lie = (name, change) => {
    const children = t.batches[0].data.children.map((data) => Object.assign(Object.create(Object.getPrototypeOf(data)), data));
    change(children[t.schema.names.indexOf(name)]);
    return { schema: t.schema, batches: [{ numRows: 2, data: { children } }] };
  };
  const lies = [
    lie("k", (data) => (data.valueOffsets = Int32Array.of(0, 2, 4000000))),
    lie("k", (data) => (data.valueOffsets = Int32Array.of(0, -5, 4))),
    lie("k", (data) => (data.valueOffsets = Int32Array.of(0))),
    lie("y", (data) => (data.values = new Float64Array(1))),
  ];
  for (const data of lies) await assert.rejects(wsf.Dataset.open(data, { keys: "k", target: "y" }), /shorter than its batch, or its offsets/);
});

test("data is copied when it is handed over", async () => {
  const y = new Float64Array(200).map((_, i) => i % 7);
  const pending = wsf.forecast({ t: Int32Array.from(y.keys()), y }, "snaive", { time: "t", target: "y", season: 7, horizon: 7 });
  structuredClone(y.buffer, { transfer: [y.buffer] });
  assert.equal(y.length, 0);
  assert.deepEqual((await pending).values("forecast"), [4, 5, 6, 0, 1, 2, 3]);
});

test("sources by name", async () => {
  const context = new wsf.Context({ threads: 1 });
  const bytes = Buffer.from("day,y\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n");
  context.add("bytes", bytes).add("rows", (await sales()).toArrow(arrow));
  bytes.fill(0);
  const read = (expression) => wsf.Dataset.open(expression, { context });
  assert.deepEqual((await (await read('csv("bytes", time=day, target=y)')).describe("values")).values("y"), [1, 2, 3]);
  for (let i = 0; i < 2; i += 1) {
    const ds = await read('csv("rows", keys=[Store, Dept], time=Date, target=Weekly_Sales, freq=week)');
    assert.equal((await ds.describe("series")).length, 6);
  }
  context.remove("bytes");
  await fails(read('csv("bytes", time=day, target=y)'), { status: "E_IO" });
  assert.throws(() => context.remove("bytes"), { name: "WsfError", status: "E_NAME" });
  assert.throws(() => context.add("x", "text"), TypeError);
});

test("options are quoted, and have names of JavaScript", async () => {
  assert.equal(wsf.quote('a"b\\c'), '"a\\"b\\\\c"');
  assert.equal(wsf.quote([1, 2.5, true, 3n, new Date("2024-01-02"), new Date("2024-01-02T03:04:05Z")]), '[1, 2.5, true, 3, "2024-01-02", "2024-01-02T03:04:05"]');
  assert.throws(() => wsf.quote(NaN), TypeError);
  const name = 'a "b" \\';
  const t = await wsf.forecast({ [name]: [1, 2, 3, 4], t: [1, 2, 3, 4] }, "naive", { horizon: 1, time: "t", target: name });
  assert.deepEqual(t.values("forecast"), [4]);
  await fails(wsf.forecast(SALES, "naive", { horizon: 10, context: new wsf.Context({ maxHorizon: 9 }) }), { status: "E_LIMIT" });
  await fails(wsf.backtest(SALES, "naive", { horizon: 10, minObs: -1 }), { status: "E_VALUE", field: "min_obs" });
});

// ---- out

test("a table is read without a copy", async () => {
  let t = await wsf.forecast(SALES, "snaive", { horizon: 4 });
  const a = t.column("forecast");
  assert.ok(a instanceof Float64Array && a.length === 24);
  assert.equal(t.column("forecast").buffer, a.buffer);
  assert.equal(t.toArrow(arrow).getChild("forecast").data[0].values.buffer, a.buffer);
  const first = a[0];
  t = undefined;
  for (let i = 0; i < 3; i += 1) {
    globalThis.gc();
    await new Promise(setImmediate);
  }
  assert.equal(a[0], first); // the memory outlives the table
});

test("columns, rows and apache-arrow agree", async () => {
  const seasons = await wsf.analyze(SALES, "seasons");
  for (const t of [seasons, await sales(), await wsf.catalog(), await wsf.catalog("ets")]) {
    const a = t.toArrow(arrow);
    assert.deepEqual(a.schema.names, t.columns);
    assert.equal(a.numRows, t.length);
    assert.deepEqual(t.toRows().map((row) => Object.values(row)), t.length > 0 ? t.values(t.columns[0]).map((_, i) => t.columns.map((name) => t.values(name)[i])) : []);
    for (const [c, name] of t.columns.entries()) {
      const cells = [...a.getChild(name)].map((cell) => (t.types[c] === "i64" && cell !== null ? Number(cell) : t.types[c] === "date" && cell !== null ? new Date(cell) : cell));
      assert.deepEqual(cells, t.values(name), name);
    }
    assert.deepEqual(arrow.tableFromIPC(arrow.tableToIPC(a)).toArray().length, t.length);
  }
  assert.ok((await wsf.catalog()).values("update").includes(null));
});

test("a table is shown", async () => {
  const t = await wsf.catalog();
  assert.match(inspect(t), new RegExp(`\\(${t.length} rows, ${t.columns.length} columns\\)`));
  assert.equal(String(t).split("\n").length, 12);
  assert.equal([...t].length, t.length);
  assert.deepEqual(JSON.parse(JSON.stringify(t))[0], t.toRows()[0]);
  assert.throws(() => t.column("nam"), /no column 'nam'; there are family/);
  const none = await (await wsf.Dataset.open(SALES)).describe("request");
  assert.equal(none.length, none.toRows().length);
});

// ---- the verbs

test("fit, predict, update, explain", async () => {
  const rows = (await sales()).toRows();
  const early = rows.filter(({ Date: day }) => day < new Date("2012-03-23"));
  const f = await wsf.fit(early, "ets", COLUMNS);
  const t = await f.predict(5, { levels: [80, 95], quantiles: [0.1], series: "1,1" });
  assert.deepEqual(t.columns, ["Store", "Dept", "Date", "forecast", "lo-80", "hi-80", "lo-95", "hi-95", "q-0.1"]);
  assert.equal(t.length, 5);
  const g = await f.update(rows);
  assert.ok((await g.predict(1)).values("Date")[0] > (await f.predict(1)).values("Date")[0]);
  assert.deepEqual(new Set((await g.describe("news")).values("status")), new Set(["added"]));
  for (const { Store, Dept, Date: day, forecast, ...parts } of await f.explain(3)) {
    const sum = Object.values(parts).reduce((a, b) => a + b, 0);
    assert.ok(Store && Dept && day && Math.abs(sum - forecast) < 1e-6 * Math.abs(forecast));
  }
  assert.equal((await f.explain(3, { series: "1,1" })).length, 3);
  assert.equal(f.model, "ets");
  assert.equal(inspect(f), "<wsf.Forecaster ets>");
});

test("columns known ahead", async () => {
  const n = 60;
  const promo = Array.from({ length: n + 5 }, (_, i) => Number(i % 5 === 0));
  const history = { t: [...promo.keys()].slice(0, n), promo: promo.slice(0, n), sold: promo.slice(0, n).map((p) => 10 + 5 * p) };
  const f = await wsf.fit(history, "tslm(x=[promo], trend=false, season=0)", { time: "t", target: "sold", known: "promo" });
  const ahead = { t: [...promo.keys()].slice(n), promo: promo.slice(n) };
  const t = await f.predict(5, { ahead });
  assert.deepEqual(t.values("forecast").map(Math.round), [15, 10, 10, 10, 10]);
});

test("backtest, evaluate, features, analyze, propose", async () => {
  const b = await wsf.backtest(SALES, ["ets", "snaive"], { horizon: 4, windows: 2, metrics: ["wape", "mase"], forecasts: true });
  assert.deepEqual([b.summary, b.folds, b.series, b.forecasts].map((t) => t.length), [2, 4, 12, 96]);
  const sums = await wsf.Dataset.open(`${SALES} | aggregate(levels=[[]], missing=skip)`);
  const { summary } = await wsf.backtest(sums, "snaive", { horizon: 4, by: ["level"] });
  assert.deepEqual(summary.values("series"), [7, 1, 6]);
  const history = await wsf.Dataset.open(`${SALES} | until("2012-03-23")`);
  const f = await wsf.fit(history, "snaive");
  assert.equal((await wsf.evaluate(await f.predict(8), history, await wsf.Dataset.open(SALES), { metrics: ["wape"] })).length, 1);
  const values = await sales();
  const x = await wsf.features(values, "lags([1, 2]), calendar(week)", { horizon: 2, batch: 256, ...COLUMNS });
  for (let i = 0; i < 2; i += 1) { // computed anew each time
    const lengths = [];
    for await (const batch of x) lengths.push([batch.length, batch.columns.length, batch.types[4]]);
    assert.deepEqual(lengths, [[256, 7, "f32"], [256, 7, "f32"], [values.length + 12 - 512, 7, "f32"]]);
  }
  await fails(wsf.features(SALES, "lag([1])"), { status: "E_NAME" });
  assert.equal((await wsf.analyze(SALES)).length, 6);
  const context = new wsf.Context().add("file", Buffer.from("shop;day;sold\nA;01.02.2024;1,5\nA;02.02.2024;2,5\nA;13.02.2024;2,5\n"));
  assert.match((await wsf.propose("file", "expression", { context })).values("expression")[0], /csv\("file", .*target=sold/);
});

test("auto is the model that nobody names", async () => {
  assert.match((await wsf.fit(SALES, { horizon: 4 })).model, /^auto/);
  assert.equal(wsf.canonical("mean( ets, snaive )"), "mean(ets,snaive)");
});

test("files and bytes", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "wsf-"));
  const file = path.join(folder, "f.wsf");
  const f = await wsf.fit(SALES, "mean(ets, snaive)");
  const want = (await f.predict(3)).toRows();
  const bytes = await f.toBuffer();
  await f.save(file);
  for (const source of [file, pathToFileURL(file), bytes, new Uint8Array(bytes)]) {
    const g = await wsf.load(source);
    assert.deepEqual((await g.predict(3)).toRows(), want);
    assert.deepEqual(await g.toBuffer(), bytes);
  }
  fs.rmSync(folder, { recursive: true });
  await fails(wsf.load(bytes.subarray(0, 100)), { status: "E_FORMAT" });
  await fails(wsf.load(file), { status: "E_IO", file: /f\.wsf$/ });
});

// ---- errors

test("errors say where", async () => {
  await fails(wsf.fit(SALES, "mean(ets, arimaa)"), { status: "E_NAME", byte: 10, row: undefined, message: /^byte 10: .*arimaa/, sentence: /^no model is named/ });
  const context = new wsf.Context().add("rows", Buffer.from("day,y\n2024-01-01,oops\n2024-01-02,oops\n"));
  await fails(wsf.Dataset.open('csv("rows", time=day, target=y)', { context }), { status: "E_DATA", row: 2, field: "y", file: "source rows", message: /^source rows, line 2, column y: / });
  await fails(wsf.Dataset.open({ t: [1, 2], y: [1, 2] }, { time: "tt", target: "y" }), { status: "E_DATA" });
  const mine = async () => {
    await wsf.fit(SALES, "ets", { seconds: -1 });
  };
  await assert.rejects(mine(), (error) => /WsfError: .*seconds is -1/.test(error.stack) && /at async mine .*wsf\.test\.js/s.test(error.stack));
});

// ---- long calls

test("progress is told and stops", async () => {
  const calls = [];
  await wsf.fit(SALES, "best(ets, snaive)", { progress: (...step) => calls.push(step) });
  assert.ok(calls.length > 0 && calls.every(([stage, done, total]) => typeof stage === "string" && done >= 0 && done <= total));
  await fails(wsf.fit(LONG, SLOW, { progress: () => false }), { status: "E_CANCELLED" });
  await assert.rejects(wsf.fit(LONG, SLOW, { progress: () => { throw new RangeError("mine"); } }), /^RangeError: mine/);
  await assert.rejects(wsf.fit(SALES, "ets", { progress: 3 }), /progress is not a function/);
  assert.equal((await wsf.fit(SALES, "ets")).model, "ets"); // the context goes on
});

test("a signal cancels within 50 ms, and nothing else", async (t) => {
  const data = await wsf.Dataset.open(LONG);
  const other = wsf.fit(SALES, "best(arima, ets)");
  const waits = [];
  for (let i = 0; i < 5; i += 1) {
    const controller = new AbortController();
    let sent;
    setTimeout(() => {
      sent = performance.now();
      controller.abort();
    }, 100 + 37 * i);
    await assert.rejects(wsf.fit(data, SLOW, { signal: controller.signal }), { name: "AbortError" });
    waits.push(performance.now() - sent);
  }
  t.diagnostic(`cancelled after ${waits.map((ms) => ms.toFixed(1)).join(", ")} ms`);
  assert.ok(waits.sort((a, b) => a - b)[2] < 50, `${waits}`); // the median: the machine may be busy
  assert.equal((await other).model, wsf.canonical("best(arima, ets)"));
  const gone = AbortSignal.abort(new Error("never mind"));
  await assert.rejects(wsf.fit(data, SLOW, { signal: gone }), /never mind/);
  await assert.rejects(wsf.Dataset.open(SALES, { signal: gone }), /never mind/);
});

test("calls that wait for a thread are cancelled too", async () => {
  const data = await wsf.Dataset.open(LONG);
  const first = new AbortController();
  const last = new AbortController();
  const running = Array.from({ length: 8 }, () => wsf.fit(data, SLOW, { signal: first.signal }).catch((error) => error.name));
  const waiting = wsf.fit(data, SLOW, { signal: last.signal });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const sent = performance.now();
  last.abort();
  await assert.rejects(waiting, { name: "AbortError" });
  assert.ok(performance.now() - sent < 250);
  first.abort();
  assert.deepEqual(await Promise.all(running), Array(8).fill("AbortError"));
});

test("a signal serves any number of calls", async () => {
  const warnings = [];
  const warned = (warning) => warnings.push(warning.message);
  process.on("warning", warned);
  const { signal } = new AbortController();
  const f = await wsf.fit(SALES, "snaive", { signal });
  await Promise.all(Array.from({ length: 30 }, () => f.predict(2, { signal })));
  await new Promise(setImmediate);
  process.off("warning", warned);
  assert.deepEqual(warnings, []);
});

test("features stop with their signal", async () => {
  const controller = new AbortController();
  const x = await wsf.features(SALES, "lags([1])", { batch: 64, signal: controller.signal });
  await assert.rejects(async () => {
    for await (const batch of x) {
      assert.equal(batch.length, 64);
      controller.abort();
    }
  }, { name: "AbortError" });
});

test("JavaScript goes on meanwhile", async () => {
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 1);
  await wsf.fit(LONG, "ets");
  clearInterval(timer);
  assert.ok(ticks > 5);
});

test("calls share handles, and bits do not change", async () => {
  const f = await wsf.fit(SALES, "ets");
  const want = (await f.predict(6)).toRows();
  for (const t of await Promise.all(Array.from({ length: 16 }, () => f.predict(6)))) assert.deepEqual(t.toRows(), want);
  const one = await wsf.fit(SALES, "ets", { context: new wsf.Context({ threads: 1 }) });
  const three = await wsf.fit(SALES, "ets", { context: new wsf.Context({ threads: 3 }) });
  assert.deepEqual(await one.toBuffer(), await three.toBuffer());
});

// ---- workers and processes

const worker = (code) => new Worker(`const wsf = require("wsf"); const { parentPort, workerData } = require("node:worker_threads"); (async () => { ${code} })();`, { eval: true, workerData: { SALES, LONG, SLOW } });
const said = (w) => new Promise((resolve, reject) => w.once("message", resolve).once("error", reject));

test("workers fit side by side and hand over bytes", async () => {
  const want = await (await wsf.fit(SALES, "ets")).toBuffer();
  const workers = Array.from({ length: 4 }, () => worker("parentPort.postMessage(await (await wsf.fit(workerData.SALES, 'ets')).toBuffer());"));
  for (const bytes of await Promise.all(workers.map(said))) {
    assert.deepEqual(Buffer.from(bytes), want);
    assert.equal((await wsf.load(bytes)).model, "ets");
  }
});

test("a worker that is terminated stops what it began", async () => {
  for (const progress of ["", ", { progress() {} }"]) {
    const w = worker(`const data = await wsf.Dataset.open(workerData.LONG);
      for (let i = 0; i < 6; i += 1) wsf.fit(data, workerData.SLOW${progress}).catch(() => {});
      setTimeout(() => parentPort.postMessage("begun"), 100);`);
    await said(w);
    const sent = performance.now();
    await w.terminate();
    assert.ok(performance.now() - sent < 3000, `${performance.now() - sent} ms`);
  }
});

const run = (code, ...flags) => execFileSync(process.execPath, [...flags, "-e", code], { encoding: "utf8", cwd: __dirname });

test("the process ends in the middle of a call", () => {
  const code = `const wsf = require("wsf"); wsf.fit(${JSON.stringify(LONG)}, ${JSON.stringify(SLOW)}); setTimeout(() => { console.log("bye"); process.exit(0); }, 200);`;
  const began = performance.now();
  assert.equal(run(code), "bye\n");
  assert.ok(performance.now() - began < 5000);
});

test("nothing leaks", (t) => {
  const code = `
    const wsf = require("wsf");
    const data = { t: Int32Array.from({ length: 200 }, (_, i) => i), y: Float64Array.from({ length: 200 }, (_, i) => i % 7), k: Array(200).fill("a") };
    const roles = { time: "t", target: "y", keys: "k", season: 7 };
    const signal = new AbortController().signal;
    const once = async () => {
      const f = await wsf.fit(data, "snaive", { ...roles, signal, progress() {} });
      (await (await wsf.load(await f.toBuffer())).predict(3)).toRows();
      await wsf.fit(data, "snaiv", roles).catch(() => {});
      new wsf.Context().add("a", Buffer.alloc(1000)).add("b", data).add("a", data);
    };
    const settle = async () => { for (let i = 0; i < 4; i += 1) { gc(); await new Promise(setImmediate); } return process.memoryUsage().rss; };
    (async () => {
      const grown = [];
      for (let round = 0, before = NaN; round < 4; round += 1) {
        for (let i = 0; i < 600; i += 1) await once();
        const now = await settle();
        if (round > 0) grown.push(now - before);
        before = now;
      }
      console.log(Math.min(...grown));
    })();`;
  // A leak shows in every round; what the process sets up as it goes, in some.
  const grown = Number(run(code, "--expose-gc"));
  t.diagnostic(`600 fits: ${grown} bytes more`);
  assert.ok(grown < 3 << 20, `${grown} bytes`);
});

test("the collector knows what hangs on its objects", (t) => {
  const code = (n, keep) => `
    const wsf = require("wsf");
    (async () => {
      const kept = [];
      const begin = process.memoryUsage().rss;
      let most = 0;
      for (let i = 0; i < ${n}; i += 1) {
        const data = await wsf.Dataset.open("simulate(stores=45, depts=81, weeks=143)");
        if (${keep}) kept.push(data);
        most = Math.max(most, process.memoryUsage().rss - begin);
      }
      console.log(most);
    })();`;
  const size = Number(run(code(10, true))) / 10;
  const most = Number(run(code(40, false)));
  t.diagnostic(`a dataset holds ${size} bytes, 40 that nobody keeps ${most} at most`);
  assert.ok(most < 0.8 * 40 * size, `${most}, ${size}`);
});

test("the package is imported, too, and needs nothing", () => {
  const code = 'import wsf, { fit, Table } from "wsf"; console.log(typeof fit, Table === wsf.Table, wsf.version);';
  assert.equal(run(code, "--input-type=module"), `function true ${wsf.version}\n`);
  const home = path.dirname(require.resolve("wsf/package.json"));
  assert.equal(require("wsf/package.json").version, wsf.version);
  assert.equal(require("wsf/package.json").dependencies, undefined);
  const [addon] = fs.readdirSync(path.join(home, "native")).filter((name) => name.endsWith(".node"));
  const needed = execFileSync("ldd", [path.join(home, "native", addon)], { encoding: "utf8" });
  assert.doesNotMatch(needed, /blas|lapack|libwsf|zstd/);
  const shown = execFileSync("nm", ["-D", "--defined-only", path.join(home, "native", addon)], { encoding: "utf8" });
  assert.doesNotMatch(shown, /wsf/);
});

test("what is typed is there", () => {
  const types = fs.readFileSync(require.resolve("wsf/index.d.ts"), "utf8");
  const named = [...types.matchAll(/^export (?:function|class|const) (\w+)/gm)].map((match) => match[1]);
  assert.deepEqual([...new Set(named)].sort(), Object.keys(wsf).sort());
  for (const kind of ["Context", "Dataset", "Forecaster", "Table"]) {
    const body = types.slice(types.indexOf(`export class ${kind} `)).split("\n}")[0];
    const methods = [...body.matchAll(/^ {2}(?:static )?([a-z]\w*)[(<]/gm)].map((match) => match[1]).filter((name) => name !== "constructor");
    const own = [...Object.getOwnPropertyNames(wsf[kind].prototype), ...Object.getOwnPropertyNames(wsf[kind])];
    const there = own.filter((name) => !["constructor", "length", "name", "prototype", "model"].includes(name));
    assert.deepEqual([...new Set(methods)].sort(), there.sort(), kind);
  }
});
