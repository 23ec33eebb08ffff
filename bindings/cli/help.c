/* The commands and what `wsf help` says about them. flags.c has the options. */
#include "cli.h"

#include <string.h>

const cli_command cli_commands[] = {
    {"load",
     "read data and report what was read, kept, rejected and repaired",
     "--data EXPR | FILE",
     "Of a FILE that nobody has described, prints what it sees: how it is written, what its "
     "columns\n"
     "may be, and the expression to copy.\n"
     "Reads the data and prints the load report: rows read and kept, rejected rows with the first\n"
     "examples of each reason, duplicates, gaps, negative values, short series. A table on a\n"
     "terminal also shows the summary of what came out.",
     "  wsf load sales.csv\n"
     "  wsf load --data 'walmart(\"data/walmart\")'\n"
     "  wsf load --data 'csv(\"sales.csv\", keys=[store,item], time=date, target=units, "
     "freq=day)'\n"
     "  wsf load --data 'csv(\"m.csv\", keys=[unique_id], time=ds, target=y, freq=month)' -o "
     "report.csv\n",
     1,
     cli_run_load,
     {"context"}},
    {"describe",
     "look at data, or at a saved forecaster",
     "--data EXPR | --load FILE [--what WHAT]",
     "Of data, WHAT is one of summary (default), columns, series, report, levels, sums, values, "
     "ahead, request.\n"
     "Of a forecaster saved by `wsf fit`: summary (default), report, series, components (what "
     "each\n"
     "forecast is the sum of), choice (of auto), coefficients, fitted (after `wsf fit --fitted`). "
     "A view takes\n"
     "options: 'components(horizon=26, series=\"1,1\")'; docs/explain.md tells the columns.",
     "  wsf describe --data 'walmart(\"data/walmart\")'\n"
     "  wsf describe --data 'simulate()' --what series --format csv\n"
     "  wsf describe --data 'walmart(\"data/walmart\")' --what values -o panel.csv\n"
     "  wsf describe --load weekly.wsf --what report\n"
     "  wsf describe --load weekly.wsf --what 'components(horizon=26)' -o parts.csv\n"
     "  wsf describe --load weekly.wsf --what 'coefficients(series=\"1,1\")'\n",
     2,
     cli_run_describe,
     {"context"}},
    {"models",
     "list what can stand in an expression, or the options of one name",
     "[NAME]",
     "Without a name: every model, feature, data source and step, view of a forecaster, and call "
     "of\n"
     "the library. With one: its options, their defaults and bounds, and an example.",
     "  wsf models\n"
     "  wsf models ets\n"
     "  wsf models csv\n"
     "  wsf models --format json\n",
     4,
     cli_run_models,
     {NULL}},
    {"features",
     "compute features of every series, as rows for other programs",
     "--data EXPR --recipe LIST [--horizon N]",
     "Writes the keys, the time, the target and the columns of the recipe, as CSV or JSON, row by "
     "row,\n"
     "so that the result may be larger than memory. --horizon adds the periods after the end, "
     "with\n"
     "what is known then. docs/features.md tells what each feature gives, 'wsf models lags' its\n"
     "options.",
     "  wsf features --data 'walmart(\"data/walmart\")' --recipe 'lags([1:4,52]), "
     "calendar(week,month)' \\\n"
     "      --out f.csv\n"
     "  wsf features --data 'simulate()' -r 'lags(52, of=[Temperature]), calendar' --horizon 13 "
     "\\\n"
     "      --rows complete\n",
     1024,
     cli_run_features,
     {"features", "context"}},
    {"analyze",
     "what the series look like: trend, seasons, autocorrelation, changes, outliers",
     "--data EXPR [--what WHAT] [--series KEY] [--options LIST]",
     "WHAT is one of summary (default: a row per series), acf, pacf (a row per lag), decompose,\n"
     "mstl (per period), tests (per unit root test), seasons, changes, outliers (per one found).\n"
     "docs/analysis.md tells the columns and the options. With --out FILE.svg, acf, pacf, "
     "decompose\n"
     "and mstl of one series are drawn.",
     "  wsf analyze --data 'walmart(\"data/walmart\")'\n"
     "  wsf analyze --data 'simulate()' --what acf --series 1,1 --lags 60 -o acf.svg\n"
     "  wsf analyze --data 'walmart(\"data/walmart\")' --what decompose --series 1,1 -o "
     "parts.csv\n"
     "  wsf analyze --data 'simulate()' --what seasons\n"
     "  wsf analyze --data 'simulate()' --what mstl --options 'seasons=[13,52], robust=true'\n",
     8,
     cli_run_analyze,
     {"analyze", "context"}},
    {"backtest",
     "measure models on the past: rolling origins, many models at once",
     "--data EXPR --model EXPR [--model EXPR ...] --horizon N",
     "Fits every model before each of K origins and measures it on the N periods after. WHAT is "
     "one\n"
     "of summary (default: a row per model, with a paired test against the best), folds, series,\n"
     "forecasts.",
     "  wsf backtest --data 'walmart(\"data/walmart\")' --model snaive --model tslm --horizon 38 "
     "\\\n"
     "      --metrics wmae,wape\n"
     "  wsf backtest --data 'simulate()' -m tslm -m 'mean(tslm, snaive)' -H 13 --windows 3 --step "
     "4\n"
     "  wsf backtest --data 'simulate()' -m tslm -H 13 --what folds --format json\n",
     16,
     cli_run_backtest,
     {"backtest", "context"}},
    {"evidence",
     "gather what auto chooses by, on a part of the panel",
     "--data EXPR --horizon N [--model EXPR] [--part I --parts N]",
     "Writes what each candidate of auto forecasts of the end of histories: a row per series "
     "looked\n"
     "at, window and step. The data may be the whole panel, of which --part looks at a share, or "
     "a\n"
     "part of it. 'wsf fit' and 'wsf forecast' take the files of all parts with --evidence and "
     "choose\n"
     "as one process would (docs/auto.md).",
     "  wsf evidence --data 'walmart(\"data/walmart\")' -H 39 --part 1 --parts 2 -o e1.csv\n"
     "  wsf evidence --data 'walmart(\"data/walmart\")' -H 39 --part 2 --parts 2 -o e2.csv\n"
     "  wsf forecast --data 'walmart(\"data/walmart\")' -H 39 --evidence e1.csv,e2.csv -o f.csv\n",
     2048,
     cli_run_evidence,
     {"evidence", "context"}},
    {"fit",
     "fit a model and save it",
     "--data EXPR --model EXPR --save FILE",
     "Fits the model on every series and saves the forecaster, atomically: the old file or the "
     "new\n"
     "one is there whole. The fit report goes to standard error.",
     "  wsf fit --data 'walmart(\"data/walmart\")' --model tslm --save weekly.wsf\n"
     "  wsf predict --load weekly.wsf --horizon 39 -o forecast.csv\n",
     32,
     cli_run_fit,
     {"fit", "context"}},
    {"update",
     "move a saved forecaster over new observations, without a fit",
     "--load FILE --data EXPR --save FILE [--what WHAT]",
     "The data may hold the whole history or only what is new; what the forecaster has seen is\n"
     "ignored, series that the data lack stay. Parameters stay, states move on, in time that does\n"
     "not depend on the history. 'wsf models' tells which models can; docs/update.md what each "
     "does.\n"
     "One line on standard error counts what came. WHAT prints a view of the result: news (a row "
     "per\n"
     "series: what was added), report, series or summary. The file may be the one that was loaded.",
     "  wsf update --load weekly.wsf --data 'walmart(\"data/walmart\")' --save weekly.wsf\n"
     "  wsf update --load weekly.wsf --data 'walmart(\"data/walmart\")' --save weekly.wsf \\\n"
     "      --what news -o news.csv\n"
     "  wsf predict --load weekly.wsf --horizon 39 -o forecast.csv\n",
     512,
     cli_run_update,
     {"update", "context"}},
    {"predict",
     "forecast from a saved forecaster",
     "--load FILE --horizon N [--data EXPR]",
     "Needs no data: --data only brings newer columns known ahead, such as next month's prices.\n"
     "Prints one row per series and step: the keys, the time, forecast, then lo-80, hi-80 per "
     "level,\n"
     "q-0.1 per quantile and path-1 per sample path. docs/paths.md tells of sums over a lead time.",
     "  wsf predict --load weekly.wsf --horizon 39 --levels 80,95\n"
     "  wsf predict --load weekly.wsf --horizon 39 --quantiles 0.1,0.5,0.9 -o forecast.json\n"
     "  wsf predict --load weekly.wsf --horizon 4 --cumulative --quantiles 0.95 --series 1,7\n"
     "  wsf predict --load weekly.wsf --horizon 4 --data 'csv(\"next.csv\", keys=[store,item], "
     "time=date)'\n",
     64,
     cli_run_predict,
     {"predict", "context"}},
    {"forecast",
     "fit and forecast in one go",
     "--data EXPR --horizon N [--model EXPR]",
     "Prints one row per series and step: the keys, the time, forecast, then lo-80, hi-80 per "
     "level\n"
     "and q-0.1 per quantile. --format kaggle writes Id and value for the rows that test.csv "
     "asks.\n"
     "Without a model it chooses one by back-tests over the horizon (auto; docs/auto.md).",
     "  wsf forecast --data 'walmart(\"data/walmart\")' --horizon 39 --out forecast.csv\n"
     "  wsf forecast --data 'walmart(\"data/walmart\")' --model tslm --horizon 39 --levels 80,95 "
     "\\\n"
     "      --out forecast.csv\n"
     "  wsf forecast --data 'csv(\"m.csv\", keys=[unique_id], time=ds, target=y, freq=month)' \\\n"
     "      --model 'mean(ets, snaive)' --horizon 12 --until 2023-12-31\n"
     "  wsf forecast --data 'walmart(\"data/walmart\")' -m tslm -H 39 --format kaggle -o "
     "submission.csv\n",
     128,
     cli_run_forecast,
     {"fit", "predict", "context"}},
    {"plot",
     "draw one series, its forecast and intervals",
     "--data EXPR --horizon N [--model EXPR] [--series KEY] --out FILE.svg",
     "A fan chart: history, forecast, intervals (--levels, default 80,95), holidays, as FILE.svg, "
     ".png\n"
     "or .pdf. Data with one series need no --series. With --until\n"
     "the chart also shows what came after that date. With --components it shows what the "
     "forecast\n"
     "is the sum of instead: a panel each for base, trend, season, every regressor.",
     "  wsf plot --data 'walmart(\"data/walmart\")' --model tslm --horizon 39 --series 1,1 --out "
     "a.svg\n"
     "  wsf plot --data 'simulate()' -m tslm -H 26 --series 1,7 --until 2012-02-03 -o b.svg\n"
     "  wsf plot --data 'simulate()' -m 'tslm(x=[Temperature])' -H 39 --series 1,7 --components -o "
     "c.svg\n",
     256,
     cli_run_plot,
     {"fit", "predict", "context"}},
    {"prophet",
     "write and read models of the Prophet package",
     "--load FILE [--data EXPR] [--series KEY] --out MODEL.json | MODEL.json --out HISTORY.csv",
     "Writes a prophet as the JSON that the package's model_from_json reads: one that was fitted "
     "with\n"
     "--fitted, or with the --data that it was fitted to. Of a MODEL.json that its model_to_json "
     "wrote,\n"
     "writes the history and prints the command that fits it here: the same posterior, searched to "
     "its\n"
     "end. docs/prophet.md tells what of a model has no place in the other.",
     "  wsf fit --fitted --data 'simulate()' --model prophet --save p.wsf\n"
     "  wsf prophet --load p.wsf --series 1,1 --out p.json\n"
     "  wsf prophet p.json --out history.csv\n",
     4096,
     cli_run_prophet,
     {"context"}},
};
const int cli_n_commands = (int)(sizeof cli_commands / sizeof cli_commands[0]);

static const char overview[] = "wsf forecasts retail sales.\n"
                               "\n"
                               "Usage: wsf COMMAND [OPTIONS]\n"
                               "       wsf help [COMMAND]      wsf --version\n"
                               "\n"
                               "Commands:\n";

const char cli_lessons[] =
    "\n"
    "A first round, without any data of your own:\n"
    "  wsf describe --data 'simulate()'\n"
    "  wsf backtest --data 'simulate()' --model snaive --model tslm --horizon 13\n"
    "  wsf forecast --data 'simulate()' --model tslm --horizon 39 --levels 80,95 --out "
    "forecast.csv\n"
    "  wsf plot --data 'simulate()' --model tslm --horizon 39 --series 1,1 --out picture.svg\n"
    "\n"
    "With your own:\n"
    "  wsf load --data 'csv(\"sales.csv\", keys=[store,item], time=date, target=units, "
    "freq=week)'\n"
    "\n"
    "Data, features and models are expressions; 'wsf models' lists their words, 'wsf models ets' "
    "one of "
    "them.\n"
    "Results are aligned tables on a terminal and CSV in a pipe; --format and --out change that.\n"
    "\n"
    "Exit codes: 0 done; 1 the work failed (no series could be fitted, a result could not be\n"
    "written); 2 bad input (arguments, expressions, data, model files); 3 out of memory or a "
    "fault\n"
    "of wsf; 130 stopped by Ctrl-C. Whenever it is not 0, nothing was written.\n";

const cli_command *cli_find_command(const char *name) {
  for (int i = 0; i < cli_n_commands; ++i)
    if (strcmp(cli_commands[i].name, name) == 0) return &cli_commands[i];
  return NULL;
}

int cli_unknown_command(const char *name) {
  const char *names[16];
  int n = 0;
  for (; n < cli_n_commands; ++n) names[n] = cli_commands[n].name;
  names[n++] = "help";
  const char *near = cli_nearest(name, names, n);
  if (near)
    cli_say("there is no command '%s'; did you mean '%s'?", name, near);
  else
    cli_say("there is no command '%s'; 'wsf help' lists them", name);
  return CLI_INPUT;
}

int cli_help(const char *name) {
  if (!name) {
    fputs(overview, stdout);
    for (int i = 0; i < cli_n_commands; ++i)
      printf("  %-9s %s\n", cli_commands[i].name, cli_commands[i].summary);
    fputs(cli_lessons, stdout);
    return CLI_OK;
  }
  const cli_command *command = cli_find_command(name);
  if (!command) return cli_unknown_command(name);
  printf("wsf %s: %s.\n\nUsage: wsf %s %s\n\n%s\n\nExamples:\n%s\nOptions:\n", command->name,
         command->summary, command->name, command->usage, command->text, command->examples);
  return cli_args_help(stdout, command);
}
