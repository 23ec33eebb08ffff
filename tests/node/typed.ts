/* What users write is typed: checked by tsc --strict, never run. */

import * as arrow from "apache-arrow";
import * as wsf from "wsf";

export async function use(rows: { shop: string; day: Date; sold: number | null }[], signal: AbortSignal): Promise<number[]> {
  const roles = { keys: "shop", time: "day", target: "sold" };
  const f: wsf.Forecaster = await wsf.fit(rows, "ets", { ...roles, freq: "day", season: 7, signal });
  const t: wsf.Table = await f.predict(3, { levels: [80, 95], series: ["1", "2"], nonnegative: true });
  const b = await wsf.backtest(rows, ["ets"], { ...roles, horizon: 3, minObs: 4, progress: (stage, done, total) => stage !== "" && done < total });
  const again = await wsf.load(await f.toBuffer());
  const table: arrow.Table = t.toArrow(arrow);
  const ds = await wsf.Dataset.open(table, roles);
  for await (const batch of await ds.features("lags([1])")) batch.toRows();
  for (const row of b.summary) console.log(row["model"]);
  await wsf.forecast(new Float64Array(9), { horizon: 2 });
  await wsf.forecast({ y: [1, 2, null], t: new Int32Array(3) }, "naive", { horizon: 2, time: "t", target: "y" });
  await wsf.forecast([[1, 2], [3, 4]], { horizon: 2 });
  new wsf.Context({ threads: 2, seed: 1, maxSeconds: 3 }).add("a", new Uint8Array(1)).add("b", rows).remove("a");
  try {
    await again.update(ds, { absent: "keep" });
  } catch (error) {
    if (error instanceof wsf.WsfError && error.status === "E_DATA") return [error.row ?? 0];
  }
  // @ts-expect-error a forecast without a horizon
  await wsf.forecast(rows, "ets", roles);
  // @ts-expect-error no such status
  if (new wsf.WsfError().status === "E_NOTHING") return [];
  // @ts-expect-error a dataset is opened
  new wsf.Dataset();
  return [b.folds.length, ...t.values("forecast").map(Number)];
}
