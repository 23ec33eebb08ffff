# The package as its users have it: from data frames, vectors and expressions to forecasts and back.

sales <- "simulate(stores=2, depts=3, weeks=120, seed=1)"
long <- "simulate(stores=45, depts=40, weeks=143, seed=1)"
slow <- "best(arima, ets, theta, windows=3)"
roles <- list(keys = c("Store", "Dept"), time = "Date", target = "Weekly_Sales", freq = "week")

days <- function(n) as.Date("2024-01-01") + seq_len(n) - 1
fails <- function(call, kind) tryCatch({ call; NULL }, wsf_error = function(e) { expect_s3_class(e, kind); e })

# ---- in

test_that("a data frame gives what the expression gives, in whatever types its columns are", {
  want <- wsf_forecast(sales, "snaive", 4, levels = 80)
  values <- wsf_describe(wsf_dataset(sales), "values")
  as_given <- function(data) do.call(wsf_forecast, c(list(data, "snaive", 4, levels = 80), roles))
  expect_identical(as_given(values), want)
  texts <- transform(values, Dept = as.character(Dept), Date = format(Date))
  expect_identical(as_given(texts)$forecast, want$forecast)
  codes <- transform(values, Store = factor(Store), Dept = factor(Dept))
  expect_identical(as_given(codes)$forecast, want$forecast)
  moments <- transform(values, Date = as.POSIXct(format(Date), tz = "Pacific/Auckland"))
  expect_identical(as_given(moments)$forecast, want$forecast)
  expect_identical(as_given(as.list(values)), want)
})

test_that("missing cells of every type are missing", {
  n <- 28
  data <- data.frame(
    day = days(n), sold = c(NA, 2:13, NaN, 15:28), promo = rep(c(TRUE, FALSE, NA, FALSE), 7),
    count = c(NA, 2:28), event = rep(c("fair", NA), 14), kind = factor(rep(c("a", NA, "b", "a"), 7))
  )
  columns <- c("promo", "count", "event", "kind")
  values <- wsf_describe(wsf_dataset(data, time = "day", target = "sold", known = columns), "values")
  expect_equal(values$day, days(n)[-1])
  expect_equal(which(is.na(values$sold)), 13)
  for (name in columns) {
    given <- if (is.factor(data[[name]])) as.character(data[[name]]) else data[[name]]
    expect_equal(values[[name]], if (is.character(given)) given[-1] else as.numeric(given[-1]), info = name)
  }
})

test_that("vectors and ts are one series", {
  expect_equal(wsf_forecast(c(3, 4, 5, 9, 3, 4, 5, 9), "snaive", 4, season = 4)$forecast, c(3, 4, 5, 9))
  expect_equal(wsf_forecast(AirPassengers, "snaive", 12)$forecast, as.numeric(tail(AirPassengers, 12)))
  expect_equal(wsf_forecast(1:10, "naive", 1)$period, 11)
})

test_that("texts are UTF-8 whatever their encoding, times are the clock's", {
  town <- "K\xf6ln"
  Encoding(town) <- "latin1"
  data <- data.frame(town = town, at = as.POSIXct("2024-06-01 12:00", tz = "America/New_York") + 3600 * 0:47, y = 0:47)
  out <- wsf_forecast(data, "naive", 1, keys = "town", time = "at", target = "y", freq = "hour")
  expect_identical(out$town, "K\u00f6ln")
  expect_identical(out$at, as.POSIXct("2024-06-03 12:00", tz = "UTC"))
})

test_that("keys of many digits keep them", {
  ean <- 4006381333931 + 0:1
  expect_identical(wsf_forecast(data.frame(id = 2, t = c(1, 2, 3), y = 1:3), "naive", 1, "id", "t", "y")$t, 4L)
  data <- data.frame(ean = rep(ean, each = 14), day = rep(days(14), 2), y = 1:28)
  expect_identical(unique(wsf_forecast(data, "naive", 1, "ean", "day", "y")$ean), ean)
  wide <- data.frame(id = rep(c("9007199254740993", "9007199254740995"), each = 14), day = rep(days(14), 2), y = 1:28)
  expect_identical(unique(wsf_forecast(wide, "naive", 1, "id", "day", "y")$id), c("9007199254740993", "9007199254740995"))
})

test_that("what is no data is refused", {
  expect_error(wsf_forecast(matrix(1:4, 2), "naive", 1), "data is a data frame")
  expect_error(wsf_forecast(NULL, "naive", 1), "data is a data frame")
  expect_error(wsf_dataset(list(a = list(1), y = 1), time = "a", target = "y"), "a column is of class list")
  expect_error(wsf_dataset(list(a = 1:2, y = 1), time = "a", target = "y"), "column 'y' has 1 values")
  expect_error(wsf_dataset(list(a = 1i, y = 1), time = "a", target = "y"), "complex")
  expect_error(wsf_dataset(sales, keys = "Store"), "names its columns itself: keys")
  expect_error(wsf_fit(wsf_dataset(sales), "naive", season = 3), "already: season")
  expect_error(wsf_fit(sales, c("ets", "naive")), "a model is one text")
  expect_error(predict(wsf_fit(sales, "naive"), 2, levels = NA), "missing")
})

# ---- the verbs

test_that("a forecaster predicts, describes, moves on", {
  early <- wsf_fit(paste(sales, "| until(\"2012-02-03\")"), "mean(snaive, tslm)")
  expect_output(print(early), "<wsf forecaster: mean(snaive,tslm)>", fixed = TRUE)
  late <- wsf_update(early, sales)
  expect_true(all(wsf_describe(late, "news")$status == "added"))
  out <- predict(late, 3, levels = c(80, 95), quantiles = 0.1)
  expect_named(out, c("Store", "Dept", "Date", "forecast", "lo-80", "hi-80", "lo-95", "hi-95", "q-0.1"))
  expect_equal(nrow(out), 18)
  expect_equal(nrow(predict(late, 3, series = c("1,1", "2,3"))), 6)
  expect_equal(wsf_describe(late, "report")$reason, "ok")
  expect_true("season" %in% names(wsf_describe(late, "components(horizon=2)")))
})

test_that("columns known ahead come with the forecast", {
  n <- 60
  promo <- as.integer(seq_len(n + 7) %% 5 == 0)
  data <- data.frame(day = days(n), promo = promo[1:n], y = 10 + 5 * promo[1:n])
  f <- wsf_fit(data, "tslm(season=1, x=[promo])", time = "day", target = "y", known = "promo")
  ahead <- data.frame(day = days(n + 7)[n + 1:7], promo = promo[n + 1:7])
  expect_equal(predict(f, 7, ahead = ahead)$forecast, 10 + 5 * promo[n + 1:7], tolerance = 1e-6)
  expect_error(wsf_predict(f, 7), class = "wsf_e_data")
})

test_that("back-tests are four tables", {
  out <- wsf_backtest(sales, c("snaive", "drift"), 8, windows = 2, metrics = c("wape", "mase"), forecasts = TRUE)
  expect_named(out, c("summary", "folds", "series", "forecasts"))
  expect_equal(out$summary$model, c("snaive", "drift"))
  expect_equal(nrow(out$folds), 4)
  expect_equal(nrow(out$forecasts), 2 * 2 * 6 * 8)
})

test_that("features are rows, of several batches too", {
  out <- wsf_features(long, "lags([1,2])")
  expect_gt(nrow(out), 65536)
  expect_equal(out$lag_1[2:100], out$Weekly_Sales[1:99], tolerance = 1e-6)
  observed <- sum(!is.na(wsf_describe(wsf_dataset(sales), "values")$Weekly_Sales))
  expect_equal(nrow(wsf_features(sales, "lags(1)", horizon = 2, which = "observed")), observed + 2 * 6)
})

test_that("forecasters are saved and loaded, as files and as bytes", {
  f <- wsf_fit(sales, "ets")
  path <- tempfile(fileext = ".wsf")
  expect_invisible(wsf_save(f, path))
  bytes <- wsf_save(f)
  expect_identical(readBin(path, "raw", 1e7), bytes)
  for (g in list(wsf_load(path), wsf_load(bytes))) expect_identical(predict(g, 5), predict(f, 5))
  expect_error(wsf_load(rev(bytes)), class = "wsf_e_format")
  expect_error(wsf_load(file.path(tempdir(), "none.wsf")), class = "wsf_e_io")
})

test_that("the catalogue, a proposal, an analysis", {
  expect_true(all(c("ets", "prophet", "forecast") %in% wsf_catalog()$name))
  expect_true("season" %in% wsf_catalog("ets")$option)
  path <- tempfile(fileext = ".csv")
  write.csv(data.frame(day = days(30), sold = 1:30), path, row.names = FALSE)
  expect_equal(nrow(wsf_describe(wsf_dataset(wsf_propose(path)$expression), "values")), 30)
  expect_equal(wsf_analyze(sales, "acf", lags = 3)$lag[1:3], 1:3)
  expect_match(wsf_version(), "^[0-9]+\\.[0-9]+\\.[0-9]+$")
})

# ---- errors, interrupts, handles

test_that("errors are conditions that say what and where", {
  e <- fails(wsf_fit(sales, "mean(ets, arimaa)"), "wsf_e_name")
  expect_equal(e$sentence, "no model is named 'arimaa'; did you mean 'arima'?")
  expect_equal(substr("mean(ets, arimaa)", e$byte, e$byte + 5), "arimaa")
  expect_null(e$row)
  expect_identical(as.character(e$call[[1]]), "wsf_fit")
  e <- fails(wsf_dataset(data.frame(day = c("2024-01-01", "soon"), y = 1:2), time = "day", target = "y"), "wsf_e_data")
  expect_equal(e$field, "day")
  expect_equal(e$row, 2)
  path <- tempfile(fileext = ".csv")
  writeLines(c("day,y", "2024-01-01,1"), path)
  e <- fails(wsf_dataset(sprintf("csv(\"%s\", time=date, target=y)", path)), "wsf_e_data")
  expect_equal(basename(e$file), basename(path))
  expect_match(conditionMessage(e), paste0("^", e$file, ".*: ", substr(e$sentence, 1, 10)))
})

test_that("an interrupt stops a call, and the next one works", {
  # All of it in the background: while system() waits for a command, R does not hear the signal.
  system(sprintf("(sleep 0.4; kill -INT %d)", Sys.getpid()), wait = FALSE)
  began <- proc.time()[["elapsed"]]
  out <- tryCatch(wsf_fit(long, slow), interrupt = function(e) "stopped")
  expect_identical(out, "stopped")
  expect_lt(proc.time()[["elapsed"]] - began, 20)
  expect_equal(nrow(wsf_forecast(sales, "naive", 1)), 6)
})

test_that("handles of an earlier session say so, others are refused", {
  f <- wsf_fit(sales, "naive")
  path <- tempfile()
  saveRDS(f, path)
  expect_error(predict(readRDS(path), 2), "forecaster of an earlier session")
  expect_error(wsf_predict(wsf_dataset(sales), 2), "not a forecaster")
  expect_error(wsf_describe(1), "expected a wsf_dataset or a wsf_forecaster")
})

test_that("handles go when they are collected, and contexts keep apart", {
  one <- wsf_context(threads = 1, seed = 3)
  expect_output(print(one), "<wsf context>")
  expect_error(wsf_context(treads = 1), class = "wsf_e_name")
  limited <- wsf_context(max_rows = 10)
  expect_error(wsf_dataset(sales, context = limited), class = "wsf_e_limit")
  for (i in 1:20) f <- wsf_fit(sales, "ets", context = one)
  want <- predict(wsf_fit(sales, "ets"), 3)
  rm(one)
  gc()
  expect_identical(predict(f, 3), want)
})
