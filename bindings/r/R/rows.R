# Data of R as columns of the library, and the roles that they have.

# A column as the C code takes it: texts in UTF-8, moments as the clock on the wall says.
column <- function(x) {
  if (inherits(x, "POSIXt")) return(as.POSIXct(as.POSIXlt(x), tz = "UTC"))
  if (is.factor(x)) {
    levels(x) <- enc2utf8(levels(x))
    return(x)
  }
  if (inherits(x, "Date")) return(x)
  if (is.character(x)) return(enc2utf8(x))
  if (is.list(x) || !is.null(dim(x)) || is.object(x) && !is.numeric(x)) {
    stop("a column is of class ", class(x)[[1L]], ", expected numbers, texts, factors, dates or times", call. = FALSE)
  }
  x
}

# Keys and times are whole numbers where R has numbers: 1 is 1, and a bar code keeps its digits.
whole <- function(x) {
  if (is.double(x) && !is.object(x) && all(x == trunc(x) & abs(x) < 2^53, na.rm = TRUE)) class(x) <- "wsf_whole"
  x
}

# list(columns, roles): a data frame by its columns, a vector or a ts as one series of whole numbers.
rows <- function(data, roles) {
  if (is.numeric(data) && is.null(dim(data))) {
    if (is.null(roles$season) && frequency(data) > 1) roles$season <- frequency(data)
    roles <- c(list(time = "period", target = "y", freq = "integer"), roles[setdiff(names(roles), c("time", "target"))])
    data <- list(period = seq_along(data), y = as.numeric(data))
  }
  if (!is.list(data) || is.null(names(data)) || length(data) == 0L) {
    stop("data is a data frame, a numeric vector, an expression or a wsf_dataset, not ", class(data)[[1L]], call. = FALSE)
  }
  columns <- lapply(unclass(data), column)
  for (name in intersect(c(roles$keys, roles$time), names(columns))) columns[[name]] <- whole(columns[[name]])
  names(columns) <- enc2utf8(names(data))
  attr(columns, "row.names") <- NULL
  list(columns = columns, roles = roles)
}
