/** Forecasts of retail sales: libwsf for Node. */

/** A value of an option: text, a number, true or false, a day or moment in UTC, or a list of them. */
export type Option = string | number | bigint | boolean | Date | Iterable<string | number | bigint | boolean | Date> | null | undefined;

/** Further options of the C library by their names in camelCase: `minObs` is `min_obs`. */
export interface Options {
  [option: string]: unknown;
}

/** Called with the stage, the work done and all work, some 20 times a second; `false` stops the call. */
export type Progress = (stage: string, done: number, total: number) => unknown;

export interface Control {
  /** Stops the call, which then fails with the signal's reason. */
  signal?: AbortSignal | undefined;
  progress?: Progress | undefined;
}

export interface InContext {
  /** Without one there is a context for all calls of this thread, with a thread for each core. */
  context?: Context | undefined;
}

export type Numbers =
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** A cell; null and undefined are missing. A Date is a day where all of its column are midnight in UTC. */
export type Value = string | number | bigint | boolean | Date | null | undefined;

/** Columns by name. */
export interface Columns {
  readonly [name: string]: readonly Value[] | Numbers;
}

/** A row: its cells by the names of the columns. */
export interface Row {
  readonly [name: string]: Value;
}

/** A table of apache-arrow, of whichever version of it. */
export interface ArrowTable {
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  readonly batches: readonly { readonly numRows: number }[];
}

/** Rows in long form, or numbers: one series, or one in each line. They are copied before the call returns. */
export type Rows = ArrowTable | Table | Columns | readonly Row[] | Numbers | readonly (number | null | undefined)[] | readonly (Numbers | readonly (number | null | undefined)[])[];

/** A dataset, rows, or an expression: `'csv("sales.csv", keys=[store], time=day, target=sold)'`. */
export type Data = Dataset | Rows | string;

/** Which columns are what, and the other options of the family `rows`. */
export interface Roles extends Options {
  /** columns that together name a series; none: one series */
  keys?: string | readonly string[] | undefined;
  /** column of dates, times or whole numbers */
  time?: string | undefined;
  /** column to forecast */
  target?: string | undefined;
  /** columns whose future is known, or not, or that have no time */
  known?: string | readonly string[] | undefined;
  past?: string | readonly string[] | undefined;
  static?: string | readonly string[] | undefined;
  freq?: string | undefined;
  season?: number | undefined;
}

export interface ContextOptions extends Options {
  /** 0, the default here: one per core */
  threads?: number | undefined;
  seed?: number | undefined;
  /** which paths may be opened: any, none, or those in this folder */
  paths?: string | undefined;
  maxSeconds?: number | undefined;
  maxRows?: number | undefined;
}

/** Threads, seed and limits of the calls made with it, and sources of data by name. */
export class Context {
  constructor(options?: ContextOptions);
  /** A source: its name stands in an expression wherever a path may. Bytes are read as a file, rows by their columns. */
  add(name: string, data: Uint8Array | Rows): this;
  /** Takes a source away again. */
  remove(name: string): this;
}

/** A panel of series on one regular calendar, loaded once. */
export class Dataset {
  private constructor();
  static open(data: Exclude<Data, Dataset>, options?: Roles & Control & InContext): Promise<Dataset>;
  /** `summary`, `columns`, `series`, `report`, `levels`, `sums`, `values` (long form), `ahead` or `request`. */
  describe(what?: string, options?: Pick<Control, "signal">): Promise<Table>;
  /** `summary`, `acf`, `pacf`, `decompose`, `mstl`, `seasons`, `tests`, `changes` or `outliers` of every series. */
  analyze(what?: string, options?: Options & Control): Promise<Table>;
  /** The columns that learning models see; options `horizon`, `rows`, `dtype`, `batch`. */
  features(recipe: string, options?: Options & Pick<Control, "signal">): Promise<Features>;
}

/** Features of a dataset, computed batch by batch each time they are read: `for await (const batch of features)`. */
export class Features implements AsyncIterable<Table> {
  private constructor();
  [Symbol.asyncIterator](): AsyncGenerator<Table, void, undefined>;
}

export interface PredictOptions extends Options {
  /** percents: columns `lo-80` and `hi-80` for each */
  levels?: Iterable<number> | undefined;
  /** columns `q-0.1` for each */
  quantiles?: Iterable<number> | undefined;
}

/** A model fitted on a dataset; immutable. */
export class Forecaster {
  private constructor();
  /** The expression of the model. */
  readonly model: string;
  /** Forecasts: a row per series and step with the keys, the time and `forecast`. ahead: fresh values of columns known
   * ahead; options: `series`, `paths`, `cumulative`, `reasons`, `nonnegative`, `negative`. */
  predict(horizon: number, options?: PredictOptions & Control & { ahead?: Data | null | undefined }): Promise<Table>;
  /** A new forecaster with these observations too; parameters stay, states move on. Options `absent`, `ahead`,
   * `strict`, `seconds`. */
  update(data: Data, options?: Options & Control): Promise<Forecaster>;
  /** A view: `report`, `series`, `summary`, `coefficients`, `weights`, `fitted`, `choice`, `explain`, `calls`, `news`,
   * `components(horizon=12)`. */
  describe(view?: string, options?: Control): Promise<Table>;
  /** What the forecasts are made of: columns that add up to `forecast`. */
  explain(horizon: number, options?: Control & { series?: string | readonly string[] | undefined }): Promise<Table>;
  /** Writes the model file, whole or not at all. */
  save(path: string | URL, options?: Pick<Control, "signal">): Promise<void>;
  /** The model file as bytes: for a database, or for another worker. */
  toBuffer(options?: Pick<Control, "signal">): Promise<Uint8Array>;
}

/** The parts of apache-arrow that a table of it is made with. */
export interface Arrow {
  readonly Table: new (...args: any[]) => any;
  readonly Vector: new (...args: any[]) => any;
  readonly makeData: (...args: any[]) => any;
}

export type ColumnType = "i64" | "f64" | "f32" | "text" | "date" | "time";

/** A table of named, typed columns; the result of nearly every call. */
export class Table implements Iterable<{ [name: string]: Cell }> {
  private constructor();
  readonly length: number;
  readonly columns: readonly string[];
  readonly types: readonly ColumnType[];
  /** Numbers where the table has them, not copied: null is NaN, or 0 in whole numbers; all else as `values`. */
  column(name: string): Float64Array | Float32Array | BigInt64Array | (string | null)[] | (Date | null)[];
  /** The cells of a column; null where there is none. A whole number beyond 2^53 is a bigint. */
  values(name: string): Cell[];
  /** Every column as `values`. */
  toColumns(): { [name: string]: Cell[] };
  toRows(): { [name: string]: Cell }[];
  toJSON(): { [name: string]: Cell }[];
  /** A table of apache-arrow, not copied: `table.toArrow(await import("apache-arrow"))`. */
  toArrow<A extends Arrow>(arrow: A): InstanceType<A["Table"]>;
  [Symbol.iterator](): Generator<{ [name: string]: Cell }, void, undefined>;
  toString(): string;
}

export type Cell = string | number | bigint | Date | null;

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

export interface FitOptions extends Roles, Control, InContext {
  /** how far will be forecast, which `auto` chooses by */
  horizon?: number | undefined;
  /** keep the history, for the view `fitted` */
  fitted?: boolean | undefined;
  /** a saved forecaster, file or source of the context, whose networks the fit goes on from */
  warm?: string | undefined;
  /** most that the fit may take */
  seconds?: number | undefined;
}

/** Fits a model to every series: a model expression, such as `"mean(ets, arima)"`, or what auto chooses. */
export function fit(data: Data, model?: string, options?: FitOptions): Promise<Forecaster>;
export function fit(data: Data, options: FitOptions): Promise<Forecaster>;

export interface ForecastOptions extends FitOptions {
  horizon: number;
  levels?: Iterable<number> | undefined;
  quantiles?: Iterable<number> | undefined;
}

/** Fits and forecasts. */
export function forecast(data: Data, model: string, options: ForecastOptions): Promise<Table>;
export function forecast(data: Data, options: ForecastOptions): Promise<Table>;

export interface BacktestOptions extends ForecastOptions {
  windows?: number | undefined;
  step?: number | undefined;
  metrics?: Iterable<string> | undefined;
  /** measure groups of series, too: those of each `level` of a hierarchy, of each label of a key */
  by?: string | Iterable<string> | undefined;
  /** fill the table `forecasts` */
  forecasts?: boolean | undefined;
  minObs?: number | undefined;
}

/** The tables of a back-test: a row per model; per model and origin; per model and series; per model, origin, series and
 * step. */
export interface Backtest {
  readonly summary: Table;
  readonly folds: Table;
  readonly series: Table;
  readonly forecasts: Table;
}

/** Forecasts the end of the history from what lies before it, with each model on the same folds. */
export function backtest(data: Data, models: string | readonly string[], options: BacktestOptions): Promise<Backtest>;

/** Metrics of forecasts against the actuals: a row per metric. */
export function evaluate(
  forecasts: Table,
  history: Dataset,
  actual: Dataset,
  options?: Pick<Control, "signal"> & { metrics?: Iterable<string> | undefined },
): Promise<Table>;

/** Features of data: see Dataset.features; options `horizon`, `dtype`, `batch`, all others as of Dataset.open. */
export function features(data: Data, recipe: string, options?: Roles & Control & InContext): Promise<Features>;

/** An analysis of every series: see Dataset.analyze. */
export function analyze(data: Data, what?: string, options?: Roles & Control & InContext): Promise<Table>;

/** A forecaster of a model file or of its bytes; any bytes are safe. */
export function load(source: string | URL | Uint8Array, options?: InContext & Pick<Control, "signal">): Promise<Forecaster>;

/** Looks at a CSV file that nobody has described: `file`, `columns`, or the `expression` to load it. */
export function propose(path: string | URL, what?: string, options?: InContext & Pick<Control, "signal">): Promise<Table>;

/** Every model, feature, step of data and option there is; with a name, its options. */
export function catalog(name?: string, options?: InContext & Pick<Control, "signal">): Promise<Table>;

/** The canonical text of a model expression. */
export function canonical(model: string, options?: InContext): string;

/** A value as text of an expression: `` `csv(${wsf.quote(path)}, ..)` ``. */
export function quote(option: Option): string;

/** The version of the library inside. */
export const version: string;
