/* The types, used as a program uses them. */
import { Table, WsfError, backtest, forecast, open, propose, quote, type Forecast } from "wsf-wasm";

async function main(file: File, signal: AbortSignal): Promise<void> {
  const result: Forecast = await forecast(file, { horizon: 14, levels: [80, 95], signal, keys: ["shop"], dayfirst: true });
  const numbers = result.table.column("forecast");
  if (numbers instanceof Float64Array) numbers.subarray(0, 1);
  for (const row of result.table) if (row["day"] instanceof Date) row["day"].getTime();
  const { expression, reason } = await propose("day,sold\n");
  const text: string = expression ?? reason ?? "";
  await forecast(null, { load: `csv(${quote("a")})`, horizon: 3, progress: (_stage, done, total) => done < total });
  const calls = open({ wasm: new Uint8Array() });
  const { summary } = await calls.backtest(text, "ets", { horizon: 3 });
  const shown: Table = summary;
  shown.toCSV().trim();
  try {
    await backtest("", ["ets"], { horizon: 3 });
  } catch (error) {
    if (error instanceof WsfError && error.status === "E_DATA") error.sentence.trim();
  }
  // @ts-expect-error: a horizon is needed
  await forecast(file, {});
  // @ts-expect-error: data is text or bytes
  await forecast(7, { horizon: 3 });
}

void main;
