/** Forecasts of retail sales, in a worker of a browser or of Node. */

/** A value of an option: text, a number, true or false, a day or moment in UTC, or a list of them. */
export type Option = string | number | bigint | boolean | Date | Iterable<string | number | bigint | boolean | Date> | null | undefined;

/** CSV text, its bytes, a File of them, or the bytes of an Arrow stream or file. null where `load` reads no data. */
export type Data = string | ArrayBuffer | ArrayBufferView | Blob | null;

export interface Control {
  /** Stops the call, which then fails with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Called with the stage, the work done and all work, some 20 times a second; `false` stops the call. */
  progress?: ((stage: string, done: number, total: number) => unknown) | undefined;
}

/** How data is read: by an expression, by columns, or, of text, by what it looks like. */
export interface Roles {
  /** the whole expression, in which "data" stands for the data: `csv("data", time=day, target=sold) | until("2024-12-31")` */
  load?: string | undefined;
  /** columns that together name a series; none: one series */
  keys?: string | readonly string[] | undefined;
  /** column of dates, times or whole numbers */
  time?: string | undefined;
  /** column to forecast */
  target?: string | undefined;
  /** further options of `csv` by their names in camelCase: `freq`, `season`, `dayfirst`, `duplicates` */
  [option: string]: unknown;
}

export interface Seeded {
  /** of random numbers; 1 if absent */
  seed?: number | undefined;
}

export interface ForecastOptions extends Roles, Control, Seeded {
  horizon: number;
  /** a model expression, such as "mean(ets, arima)"; what auto chooses if absent */
  model?: string | undefined;
  /** percents: columns `lo-80` and `hi-80` for each */
  levels?: Iterable<number> | undefined;
  /** columns `q-0.1` for each */
  quantiles?: Iterable<number> | undefined;
  /** most that the fit may take */
  seconds?: number | undefined;
}

export interface BacktestOptions extends Roles, Control, Seeded {
  horizon: number;
  windows?: number | undefined;
  step?: number | undefined;
  metrics?: Iterable<string> | undefined;
  seconds?: number | undefined;
}

/** What was read, and how sure that is. */
export interface Loaded {
  /** the expression that loaded the data: the same as `load` gives the same again */
  readonly expression: string;
  /** what may have been read otherwise, or changed while it was read; a sentence each */
  readonly doubts: string[];
}

export interface Described extends Loaded {
  readonly table: Table;
}

export interface Forecast extends Described {
  /** the model's expression */
  readonly model: string;
}

export interface Backtest extends Loaded {
  /** a row per model; per model and origin; per model and series */
  readonly summary: Table;
  readonly folds: Table;
  readonly series: Table;
}

/** What a file may be, for someone who has not seen it. */
export interface Proposal {
  /** name and value: rows, layout, delimiter, decimal, encoding */
  readonly file: Table;
  /** a row per column: column, type, part, distinct, missing, example */
  readonly columns: Table;
  /** the expression that loads it so; null where there is none, for the reason */
  readonly expression: string | null;
  readonly reason: string | null;
  readonly doubts: string[];
}

export interface Calls {
  /** Fits and forecasts: a row per series and step with the keys, the time and `forecast`. */
  forecast(data: Data, options: ForecastOptions): Promise<Forecast>;
  /** Forecasts the end of the history from what lies before it, with each model on the same folds. */
  backtest(data: Data, models: string | readonly string[], options: BacktestOptions): Promise<Backtest>;
  /** `summary`, `columns`, `series`, `report`, `levels`, `sums`, `values` (long form) or `ahead` of the data. */
  describe(data: Data, what?: string, options?: Roles & Control): Promise<Described>;
  /** `summary`, `acf`, `pacf`, `decompose`, `mstl`, `seasons`, `tests`, `changes` or `outliers` of every series. */
  analyze(data: Data, what?: string, options?: Roles & Control): Promise<Described>;
  /** Looks at CSV text that nobody has described. */
  propose(data: Exclude<Data, null>, options?: Control): Promise<Proposal>;
  /** Every model, feature, step of data and option there is; with a name, its options. */
  catalog(name?: string, options?: Control): Promise<{ readonly table: Table }>;
  /** Ends the worker; the next call begins with another. */
  close(): void;
}

export interface Places {
  /** address of lib/wsf.wasm, or its bytes; in a browser */
  wasm?: string | URL | Uint8Array | undefined;
  /** address of lib/worker_browser.js */
  worker?: string | URL | undefined;
}

/** The same functions on a worker of their own: calls of one worker come one after the other. */
export function open(places?: Places): Calls;

export const forecast: Calls["forecast"];
export const backtest: Calls["backtest"];
export const describe: Calls["describe"];
export const analyze: Calls["analyze"];
export const propose: Calls["propose"];
export const catalog: Calls["catalog"];
export const close: Calls["close"];

/** A value as text of an expression. */
export function quote(option: Option): string;

export type ColumnType = "i64" | "f64" | "f32" | "text" | "date" | "time";
export type Cell = string | number | bigint | Date | null;

/** A table of named, typed columns. */
export class Table implements Iterable<{ [name: string]: Cell }> {
  private constructor();
  readonly length: number;
  readonly columns: readonly string[];
  readonly types: readonly ColumnType[];
  /** Numbers as they are, missing ones as NaN, or 0 in whole numbers; days and times as `values`. */
  column(name: string): Float64Array | Float32Array | BigInt64Array | (string | null)[] | (Date | null)[];
  /** The cells of a column; null where there is none. A whole number beyond 2^53 is a bigint. */
  values(name: string): Cell[];
  /** Every column as `values`. */
  toColumns(): { [name: string]: Cell[] };
  toRows(): { [name: string]: Cell }[];
  toJSON(): { [name: string]: Cell }[];
  /** The table as CSV text, numbers in the shortest form that reads back to the same bits. */
  toCSV(): string;
  [Symbol.iterator](): Generator<{ [name: string]: Cell }, void, undefined>;
}

export type Status =
  | "E_MEMORY"
  | "E_ARGUMENT"
  | "E_SYNTAX"
  | "E_NAME"
  | "E_VALUE"
  | "E_IO"
  | "E_DATA"
  | "E_FORMAT"
  | "E_VERSION"
  | "E_CANCELLED"
  | "E_FIT"
  | "E_UNSUPPORTED"
  | "E_INTERNAL"
  | "E_LIMIT";

/** A call that failed. `message` says where and what; the fields say it to programs, and are there where they apply. */
export class WsfError extends Error {
  private constructor();
  readonly status: Status;
  /** what was found and what was expected */
  readonly sentence: string;
  /** column or option */
  readonly field?: string;
  readonly file?: string;
  /** series of the dataset, from 0 */
  readonly series?: number;
  /** line of the file or row of the data, from 1 */
  readonly row?: number;
  /** byte of the expression or file, from 0 */
  readonly byte?: number;
}
