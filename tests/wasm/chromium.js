/* Chromium without a window, driven through its debugging pipe (https://chromedevtools.github.io/devtools-protocol/). */

import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const STEP = 100; // milliseconds between two looks at a page

export class Chromium {
  #process;
  #profile;
  #waiting = new Map();
  #last = 0;
  #session;
  problems = []; // exceptions and errors of the page

  static async start() {
    const browser = new Chromium();
    browser.#profile = fs.mkdtempSync(path.join(os.tmpdir(), "wsf-chromium-"));
    const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe"];
    // No network at all: whatever a page asks for is looked up in vain.
    const offline = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-background-networking"];
    browser.#process = spawn("chromium", [...flags, ...offline, `--user-data-dir=${browser.#profile}`, "about:blank"], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    browser.#listen();
    const { targetInfos } = await browser.#send("Target.getTargets");
    const { targetId } = targetInfos.find(({ type }) => type === "page");
    const { sessionId } = await browser.#send("Target.attachToTarget", { targetId, flatten: true });
    browser.#session = sessionId;
    for (const domain of ["Page", "Runtime", "DOM", "Log"]) await browser.#send(`${domain}.enable`);
    return browser;
  }

  #listen() {
    let rest = "";
    this.#process.stdio[4].setEncoding("utf8").on("data", (chunk) => {
      const messages = (rest + chunk).split("\0");
      rest = messages.pop();
      for (const message of messages) this.#take(JSON.parse(message));
    });
  }

  #take({ id, result, error, method, params }) {
    if (method === "Runtime.exceptionThrown") this.problems.push(params.exceptionDetails.exception?.description);
    if (method === "Log.entryAdded" && params.entry.level === "error") this.problems.push(params.entry.text);
    const { resolve, reject } = this.#waiting.get(id) ?? {};
    this.#waiting.delete(id);
    if (error) reject?.(new Error(error.message));
    else resolve?.(result);
  }

  #send(method, params = {}) {
    this.#last += 1;
    const id = this.#last;
    this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId: this.#session })}\0`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  open(url) {
    return this.#send("Page.navigate", { url });
  }

  /** The value of an expression, or of its promise. */
  async value(expression) {
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.#send("Runtime.evaluate", asked);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until an expression is true. */
  async until(expression, seconds = 60) {
    for (let left = seconds * 1000; left > 0; left -= STEP) {
      if (await this.value(expression)) return;
      await new Promise((resolve) => setTimeout(resolve, STEP));
    }
    throw new Error(`not after ${seconds} seconds: ${expression}; ${await this.value("document.body.innerText")}`);
  }

  /** Chooses a file as a reader would. */
  async choose(selector, file) {
    const { root } = await this.#send("DOM.getDocument");
    const { nodeId } = await this.#send("DOM.querySelector", { nodeId: root.nodeId, selector });
    await this.#send("DOM.setFileInputFiles", { nodeId, files: [file] });
  }

  async picture(file) {
    const { data } = await this.#send("Page.captureScreenshot", { captureBeyondViewport: true });
    fs.writeFileSync(file, Buffer.from(data, "base64"));
  }

  async end() {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#send("Browser.close").catch(() => {});
    await ended;
    fs.rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
