/* The package and the demo in Chromium: the same forecasts as in Node, and a page that works without a network. */

import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { forecast } from "wsf-wasm";
import { Chromium } from "./chromium.js";

const TYPES = { ".js": "text/javascript", ".html": "text/html", ".wasm": "application/wasm" };
const DAYS = Array.from({ length: 60 }, (_, i) => `${new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10)},${50 + 3 * (i % 7)}`);
const CSV = `day,sold\n${DAYS.join("\n")}\n`;

/** Shows the demo, as a file that somebody opens. */
async function showDemo() {
  await browser.open(pathToFileURL(process.env.WSF_DEMO).href);
  await browser.until("document.documentElement?.dataset.ready === 'yes'");
}
const text = (id) => browser.value(`document.getElementById("${id}").innerText`);

let browser;
before(async () => {
  browser = await Chromium.start();
});
after(() => browser.end());

/** The folder as an address, as any server of files gives it. */
async function serving(folder, use) {
  const server = http.createServer(({ url }, answer) => {
    const file = path.join(folder, new URL(url, "http://x").pathname);
    if (!fs.existsSync(file)) return answer.writeHead(404).end();
    answer.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "text/plain" });
    return fs.createReadStream(file).pipe(answer);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("a page of a server forecasts the same bits as Node", async () => {
  const options = { model: "mean(ets, theta, arima)", horizon: 14, levels: [80, 95] };
  const here = (await forecast(CSV, options)).table.toCSV();
  const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), "node_modules/wsf-wasm");
  fs.writeFileSync(path.join(folder, "empty.html"), "<!doctype html><title>empty</title><link rel=icon href=data:>");
  await serving(folder, async (address) => {
    await browser.open(`${address}/empty.html`);
    await browser.until("document.title === 'empty'");
    const there = await browser.value(`import("./index.js").then(({ forecast }) =>
      forecast(${JSON.stringify(CSV)}, ${JSON.stringify(options)})).then(({ table }) => table.toCSV())`);
    assert.equal(there, here);
    const stopped = await browser.value(`import("./index.js").then(({ forecast }) =>
      forecast(null, { load: "simulate(stores=45)", horizon: 9, signal: AbortSignal.timeout(300) })).catch(({ name }) => name)`);
    assert.equal(stopped, "TimeoutError");
  });
});

test("the demo is one file that needs no network: a file in, a table, a picture and CSV out", async () => {
  await showDemo();
  const sales = path.join(path.dirname(process.env.WSF_DEMO), "sales.csv");
  const lines = DAYS.flatMap((line) => ["Köln", "Ulm"].map((shop) => `${shop};${line.replace(",", ";")}\n`));
  fs.writeFileSync(sales, `shop;day;sold\n${lines.join("")}`);
  await browser.choose("#file", sales);
  await browser.until("document.getElementById('expression').value.includes('keys=shop')");
  assert.match(await text("columns"), /shop\s+words\s+key/);
  await browser.value(`document.getElementById("horizon").value = 7;
    document.getElementById("model").value = "ets";
    document.getElementById("go").click()`);
  await browser.until("document.getElementById('status').innerText.startsWith('Done: 14')");
  assert.equal(await browser.value("document.querySelectorAll('#table tbody tr').length"), 14);
  const drawn = "document.querySelector('#plot svg').getAttribute('aria-label')";
  assert.match(await browser.value(drawn), /^Köln: 60 periods of history, then the forecast of 7/);
  await browser.value(`document.getElementById("series").selectedIndex = 1;
    document.getElementById("series").dispatchEvent(new Event("change"))`);
  assert.match(await browser.value(drawn), /^Ulm: 60 periods/);
  const csv = await browser.value("fetch(document.getElementById('download').href).then((answer) => answer.text())");
  assert.match(csv, /^shop,day,forecast,lo-95,hi-95\nKöln,2024-03-01,/);
  assert.deepEqual(browser.problems, []);
  if (process.env.WSF_PICTURE) await browser.picture(process.env.WSF_PICTURE);
});

test("the demo says what is doubtful, and what is wrong", async () => {
  await showDemo();
  await browser.value(`document.getElementById("text").value = "day;sold\\n03.01.2024;1,5\\n04.01.2024;2,5\\n05.01.2024;3,5\\n";
    document.getElementById("look").click()`);
  await browser.until("document.getElementById('doubts').innerText.includes('day from month')");
  await browser.value("document.getElementById('model').value = 'etz'; document.getElementById('go').click()");
  await browser.until("!document.getElementById('problem').hidden");
  assert.match(await text("problem"), /no model is named 'etz'; did you mean 'ets'/);
});

test("every field of the demo has a label, and the example forecasts", async () => {
  await showDemo();
  const fields = "[...document.querySelectorAll('input, select, textarea')]";
  assert.equal(await browser.value(`${fields}.filter(({ labels }) => labels.length === 0).length`), 0);
  await browser.value("document.getElementById('example').click()");
  await browser.until("!document.getElementById('read').hidden && document.getElementById('expression').value !== ''");
  await browser.value("document.getElementById('model').value = 'snaive'; document.getElementById('go').click()");
  await browser.until("document.getElementById('status').innerText.startsWith('Done: 24')");
});
