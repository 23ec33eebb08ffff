# Calls of the C code: the one place where errors become conditions.

# The condition of an error of the library: what was found and what was expected, and where.
condition <- function(failed, call) {
  there <- function(x) if (x == "" || identical(x, -1)) NULL else x
  file <- there(failed$file)
  field <- there(failed$field)
  row <- there(failed$row)
  byte <- there(failed$byte)
  series <- there(failed$series)
  where <- c(
    file,
    if (!is.null(row)) paste("line", row),
    if (!is.null(row) && !is.null(field)) paste("column", field),
    if (!is.null(byte)) paste("character", byte + 1)
  )
  message <- if (length(where)) paste0(paste(where, collapse = ", "), ": ", failed$message) else failed$message
  kind <- paste0("wsf_", tolower(sub("^WSF_", "", failed$status)))
  structure(
    class = c(kind, "wsf_error", "error", "condition"),
    list(
      message = message, call = call, status = failed$status, sentence = failed$message, field = field, file = file,
      series = if (!is.null(series)) series + 1, row = row, byte = if (!is.null(byte)) byte + 1
    )
  )
}

# What a call gave, or its error as a condition; an interrupt that stopped it is signalled again.
given <- function(out, call) {
  if (inherits(out, "wsf_failed")) stop(condition(out, call))
  if (inherits(out, "wsf_stopped")) {
    signalCondition(structure(class = c("interrupt", "condition"), list(message = "", call = call)))
    invokeRestart("abort")
  }
  out
}

# A long call in a context.
ask <- function(verb, context, ...) {
  given(.Call(C_call, verb, context$pointer, list(...)), sys.call(-1L))
}

one_text <- function(x, what) {
  if (!is.character(x) || length(x) != 1L || is.na(x)) stop(what, " is one text", call. = FALSE)
  enc2utf8(x)
}

the <- new.env(parent = emptyenv()) # the context of all calls that name none

context_of <- function(context) {
  if (!is.null(context)) return(context)
  if (is.null(the$context)) the$context <- wsf_context()
  the$context
}
