# What users call. Every function is a call of the C library or two; help stands in man/.

wsf_version <- function() .Call(C_version)

wsf_context <- function(threads = 0, ...) {
  options <- text(list(threads = threads, ...))
  structure(list(pointer = given(.Call(C_context, options), sys.call())), class = "wsf_context")
}

wsf_dataset <- function(data, keys = NULL, time = NULL, target = NULL, ..., context = NULL) {
  context <- context_of(context)
  roles <- list(keys = keys, time = time, target = target, ...)
  roles <- roles[!vapply(roles, is.null, TRUE)]
  if (is.character(data)) {
    if (length(roles)) {
      stop("an expression names its columns itself: ", paste(names(roles), collapse = ", "), call. = FALSE)
    }
    pointer <- ask("open", context, one_text(data, "an expression"))
  } else {
    rows <- rows(data, roles)
    roles <- rows$roles
    pointer <- ask("rows", context, rows$columns, text(roles))
  }
  structure(list(pointer = pointer, context = context, roles = roles), class = "wsf_dataset")
}

# The dataset of data; one that is there has its columns and context already.
dataset_of <- function(data, ...) {
  if (!inherits(data, "wsf_dataset")) return(wsf_dataset(data, ...))
  more <- list(...)
  more <- names(more)[!vapply(more, is.null, TRUE)]
  if (length(more)) {
    stop("a wsf_dataset has its columns and context already: ", paste(more, collapse = ", "), call. = FALSE)
  }
  data
}

forecaster <- function(pointer, context, roles) {
  structure(list(pointer = pointer, context = context, roles = roles), class = "wsf_forecaster")
}

wsf_fit <- function(data, model = "auto", keys = NULL, time = NULL, target = NULL, horizon = NULL, ...,
                    fitted = NULL, seconds = NULL, context = NULL) {
  data <- dataset_of(data, keys = keys, time = time, target = target, ..., context = context)
  options <- text(list(horizon = horizon, fitted = fitted, seconds = seconds))
  pointer <- ask("fit", data$context, one_text(model, "a model"), data$pointer, options)
  forecaster(pointer, data$context, data$roles)
}

# What the future of columns known ahead is read by: the roles of a history that it has, too.
ahead_roles <- c("keys", "time", "known", "static", "freq", "step", "fiscal", "dateformat", "timezone", "season", "end")

wsf_predict <- function(forecaster, horizon, levels = NULL, quantiles = NULL, ahead = NULL, ...) {
  if (!is.null(ahead) && !inherits(ahead, "wsf_dataset")) {
    roles <- if (is.character(ahead)) list() else forecaster$roles[intersect(names(forecaster$roles), ahead_roles)]
    ahead <- do.call(wsf_dataset, c(list(ahead), roles, list(context = forecaster$context)))
  }
  options <- text(list(horizon = horizon, levels = levels, quantiles = quantiles, ...))
  ask("predict", forecaster$context, forecaster$pointer, ahead$pointer, options)
}

predict.wsf_forecaster <- function(object, horizon, ...) wsf_predict(object, horizon, ...)

wsf_forecast <- function(data, model = "auto", horizon, keys = NULL, time = NULL, target = NULL, levels = NULL,
                         quantiles = NULL, ..., context = NULL) {
  fitted <- wsf_fit(data, model, keys = keys, time = time, target = target, horizon = horizon, ..., context = context)
  wsf_predict(fitted, horizon, levels = levels, quantiles = quantiles)
}

wsf_update <- function(forecaster, data, ...) {
  if (!inherits(data, "wsf_dataset")) {
    roles <- if (is.character(data)) list() else forecaster$roles
    data <- do.call(wsf_dataset, c(list(data), roles, list(context = forecaster$context)))
  }
  pointer <- ask("update", forecaster$context, forecaster$pointer, data$pointer, text(list(...)))
  forecaster(pointer, forecaster$context, forecaster$roles)
}

wsf_backtest <- function(data, models, horizon, keys = NULL, time = NULL, target = NULL, windows = NULL, step = NULL,
                         metrics = NULL, levels = NULL, quantiles = NULL, forecasts = NULL, min_obs = NULL,
                         seconds = NULL, ..., context = NULL) {
  data <- dataset_of(data, keys = keys, time = time, target = target, ..., context = context)
  if (!is.character(models) || anyNA(models)) stop("models are texts", call. = FALSE)
  options <- text(list(
    horizon = horizon, windows = windows, step = step, metrics = metrics, levels = levels, quantiles = quantiles,
    forecasts = forecasts, min_obs = min_obs, seconds = seconds
  ))
  out <- ask("backtest", data$context, enc2utf8(models), data$pointer, options)
  names(out) <- c("summary", "folds", "series", "forecasts")
  out
}

wsf_features <- function(data, recipe, keys = NULL, time = NULL, target = NULL, horizon = NULL, which = NULL, ...,
                         context = NULL) {
  data <- dataset_of(data, keys = keys, time = time, target = target, ..., context = context)
  options <- text(list(horizon = horizon, rows = which))
  batches <- ask("features", data$context, data$pointer, one_text(recipe, "a recipe"), options)
  if (length(batches) == 1L) batches[[1L]] else do.call(rbind, batches)
}

wsf_describe <- function(x, what = NULL) {
  if (inherits(x, "wsf_dataset")) {
    return(ask("describe_data", x$context, x$pointer, one_text(if (is.null(what)) "summary" else what, "what")))
  }
  if (!inherits(x, "wsf_forecaster")) stop("expected a wsf_dataset or a wsf_forecaster", call. = FALSE)
  ask("describe", x$context, x$pointer, one_text(if (is.null(what)) "series" else what, "what"))
}

wsf_analyze <- function(data, what = "summary", ..., context = NULL) {
  data <- dataset_of(data, context = context)
  ask("analyze", data$context, data$pointer, text(list(what = what, ...)))
}

wsf_save <- function(forecaster, path = NULL) {
  if (is.null(path)) return(ask("write", forecaster$context, forecaster$pointer))
  invisible(ask("save", forecaster$context, forecaster$pointer, path.expand(one_text(path, "a path"))))
}

wsf_load <- function(source, context = NULL) {
  context <- context_of(context)
  if (is.raw(source)) return(forecaster(ask("read", context, source), context, list()))
  forecaster(ask("load", context, path.expand(one_text(source, "a path"))), context, list())
}

wsf_propose <- function(path, what = "expression", context = NULL) {
  ask("propose", context_of(context), path.expand(one_text(path, "a path")), one_text(what, "what"))
}

wsf_catalog <- function(name = NULL, context = NULL) {
  ask("catalog", context_of(context), if (!is.null(name)) one_text(name, "a name"))
}

print.wsf_context <- function(x, ...) {
  cat("<wsf context>\n")
  invisible(x)
}

print.wsf_dataset <- function(x, ...) {
  print(wsf_describe(x), row.names = FALSE, right = FALSE)
  invisible(x)
}

print.wsf_forecaster <- function(x, ...) {
  cat("<wsf forecaster: ", .Call(C_model, x$pointer), ">\n", sep = "")
  invisible(x)
}
