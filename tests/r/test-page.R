# docs/r.md and README.md: the blocks of each are one program.

blocks <- function(page) {
  lines <- readLines(file.path(Sys.getenv("WSF_SOURCE"), page), encoding = "UTF-8")
  begin <- which(lines == "```r")
  end <- which(lines == "```")
  lapply(begin, function(at) lines[seq_len(min(end[end > at]) - at - 1) + at])
}

for (page in c("docs/r.md", "README.md")) {
  test_that(paste(page, "runs"), {
    program <- unlist(blocks(page))
    expect_true(length(program) > 5)
    old <- setwd(tempfile("page") |> (\(folder) { dir.create(folder); folder })())
    on.exit(setwd(old))
    shown <- capture.output(eval(parse(text = program, encoding = "UTF-8"), new.env(parent = globalenv())))
    expect_true(length(shown) > 0)
  })
}
