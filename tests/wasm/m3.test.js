/* The same bits as the native command on M3: every forecast and bound of some expressions. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { forecast } from "wsf-wasm";

const folder = path.join(process.env.WSF_DATA ?? path.join(process.env.WSF_SOURCE, "../shared/data"), "m3");
const there = fs.existsSync(path.join(folder, "other_train.csv"));

const CASES = [
  ["other", 1, 8, ["auto", "ets", "arima", "theta", "mean(ets, arima, ces)", "prophet", "lowrank(snaive)"]],
  ["quarterly", 4, 8, ["theta", "ets(AAA)", "boxcox(naive)", "ucm", "stl(ets)", "median(snaive, tslm, croston)"]],
  ["yearly", 1, 6, ["ces", "conformal(drift)", "best(theta, naive)"]],
];

/** Every cell of a forecast is the command's, numbers to the last bit. */
async function same(data, load, model, horizon) {
  const asked = ["--model", model, "--horizon", String(horizon), "--levels", "80,95", "--format", "csv", "--quiet"];
  const native = execFileSync(process.env.WSF_COMMAND, ["forecast", "--data", load(data.file), ...asked], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { table } = await forecast(data.bytes, { load: load("data"), model, horizon, levels: [80, 95] });
  const [head, ...lines] = native.trimEnd().split("\n");
  assert.deepEqual(table.columns, head.split(","));
  assert.equal(table.length, lines.length);
  const numbers = table.columns.filter((_, c) => table.types[c] === "f64");
  assert.ok(numbers.length === 5);
  for (const name of numbers) {
    const at = table.columns.indexOf(name);
    const there = lines.map((line) => line.split(",")[at]).map((cell) => (cell === "" ? null : Number(cell)));
    assert.deepStrictEqual(table.values(name), there);
  }
}

for (const [name, season, horizon, models] of CASES) {
  for (const model of models) {
    test(`${model} of M3 ${name} as the command has it`, { skip: !there && "no data" }, () => {
      const file = path.join(folder, `${name}_train.csv`);
      const load = (source) => `csv("${source}", keys=[unique_id], time=ds, target=y, end=own, season=${season})`;
      return same({ file, bytes: fs.readFileSync(file) }, load, model, horizon);
    });
  }
}

for (const model of ["lstm(epochs=1)", "reconcile(ets)", "weighted(ets, tbats)"]) {
  test(`${model} of an invented retailer as the command has it`, () =>
    same({ file: "", bytes: null }, () => "simulate(stores=1, depts=3, weeks=110) | aggregate(levels=[[]])", model, 4));
}
