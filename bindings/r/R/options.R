# Options of R as text of the library's grammar.

# A number in the fewest digits that read back to the same.
number <- function(x) {
  if (!is.finite(x)) stop("an option is a finite number, not ", x, call. = FALSE)
  text <- formatC(x, digits = 15, width = 1, format = "g", decimal.mark = ".")
  if (as.numeric(text) == x) text else formatC(x, digits = 17, width = 1, format = "g", decimal.mark = ".")
}

# One value as text of the grammar.
one <- function(x) {
  if (is.list(x)) return(value(x[[1L]]))
  if (is.na(x)) stop("an option is missing (NA)", call. = FALSE)
  if (inherits(x, "Date")) return(paste0("\"", format(x), "\""))
  if (is.factor(x)) x <- as.character(x)
  if (is.character(x)) return(paste0("\"", gsub("([\"\\\\])", "\\\\\\1", enc2utf8(x)), "\""))
  if (is.logical(x)) return(if (x) "true" else "false")
  if (is.numeric(x)) return(number(x))
  stop("an option is text, a number, TRUE or FALSE, a Date or several of them, not ", class(x)[[1L]], call. = FALSE)
}

# A vector as a value, or as a list of the grammar where it is not one.
value <- function(x) {
  each <- vapply(seq_along(x), function(i) one(x[i]), "")
  if (length(x) == 1L && !is.list(x)) each else paste0("[", paste(each, collapse = ", "), "]")
}

# `key=value` text of the options that are there.
text <- function(options) {
  options <- options[!vapply(options, is.null, TRUE)]
  if (length(options) == 0L) return("")
  if (is.null(names(options)) || any(names(options) == "")) stop("an option has no name", call. = FALSE)
  paste(names(options), vapply(options, value, ""), sep = "=", collapse = ", ")
}
