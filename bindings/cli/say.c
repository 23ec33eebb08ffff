/* What goes to standard error: one sentence per failure, a caret under the byte of an expression, a
 * progress bar for who watches. And Ctrl-C, which only raises the context's cancel flag: the call
 * under way returns, and everything unwinds through the same exits as any other failure. */
#include "cli.h"

#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Written by the handler, read everywhere: the only state that outlives a call. */
static volatile sig_atomic_t stopped;
static wsf_context *volatile watched_context;

static struct {
  struct timespec begin;
  bool shown;
} bar;

void cli_say(const char *format, ...) {
  cli_progress_end();
  char line[2048];
  va_list list;
  va_start(list, format);
  (void)vsnprintf(line, sizeof line, format, list);
  va_end(list);
  fprintf(stderr, "wsf: %s\n", line);
}

/* The expression around the byte, at most 76 columns, with a caret below. */
static void show_caret(const char *text, int64_t byte) {
  const size_t length = strlen(text);
  const size_t at = (size_t)byte < length ? (size_t)byte : length;
  size_t from = at > 50 ? at - 50 : 0, to = from + 76 < length ? from + 76 : length;
  while (from > 0 && ((unsigned char)text[from] & 0xc0) == 0x80) --from;
  while (to < length && ((unsigned char)text[to] & 0xc0) == 0x80) ++to;
  fputs(from ? "  ..." : "  ", stderr);
  for (size_t i = from; i < to; ++i)
    fputc((unsigned char)text[i] < ' ' || text[i] == 0x7f ? ' ' : text[i], stderr);
  fputs(to < length ? "...\n" : "\n", stderr);
  fputs(from ? "     " : "  ", stderr);
  for (size_t i = from; i < at; ++i)
    if (((unsigned char)text[i] & 0xc0) != 0x80) fputc(' ', stderr);
  fputs("^\n", stderr);
}

static int exit_code(wsf_status status) {
  switch (status) {
  case WSF_OK:
    return CLI_OK;
  case WSF_E_FIT:
  case WSF_E_LIMIT:
    return CLI_WORK;
  case WSF_E_MEMORY:
  case WSF_E_INTERNAL:
    return CLI_INSIDE;
  case WSF_E_CANCELLED:
    return CLI_STOPPED;
  default:
    return CLI_INPUT;
  }
}

int cli_fail(const wsf_error *err, const char *origin, const char *expression) {
  if (cli_stopped() || err->status == WSF_E_CANCELLED) {
    cli_say("stopped; nothing was written");
    return CLI_STOPPED;
  }
  cli_text where = {0};
  if (err->file[0]) cli_add(&where, "%s", err->file);
  if (err->row >= 0) cli_add(&where, "%sline %lld", where.length ? ", " : "", (long long)err->row);
  /* the field of a limit is its option, which the message names */
  if (where.length && err->field[0] && err->status != WSF_E_LIMIT)
    cli_add(&where, ", column %s", err->field);
  if (!where.length && origin) cli_add(&where, "%s", origin);
  const char *message = err->message[0] ? err->message : wsf_status_text(err->status);
  cli_say("%s%s%s", where.data && !where.failed ? where.data : "", where.length ? ": " : "",
          message);
  cli_text_free(&where);
  const bool in_expression =
      expression && err->byte >= 0 && !err->file[0] && err->byte <= (int64_t)strlen(expression);
  if (in_expression) show_caret(expression, err->byte);
  return exit_code(err->status);
}

int cli_fail_writing(const wsf_error *err) {
  const int code = cli_fail(err, NULL, NULL);
  return code == CLI_INPUT ? CLI_WORK : code;
}

static void on_signal(int number) {
  (void)number;
  stopped = 1;
  wsf_context *ctx = watched_context;
  if (ctx) wsf_context_cancel(ctx);
}

void cli_catch_signals(wsf_context *ctx) {
  watched_context = ctx;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  (void)sigemptyset(&action.sa_mask);
  (void)sigaction(SIGINT, &action, NULL);
  (void)sigaction(SIGTERM, &action, NULL);
}

bool cli_stopped(void) {
  return stopped != 0;
}

static double elapsed(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - bar.begin.tv_sec) + 1e-9 * (double)(now.tv_nsec - bar.begin.tv_nsec);
}

static int32_t on_progress(const char *stage, int64_t done, int64_t total, void *user) {
  (void)user;
  const double seconds = elapsed();
  if (seconds < 0.5) return cli_stopped(); /* short work needs no bar */
  enum { WIDTH = 28 };
  char filled[WIDTH + 1];
  const double part = total > 0 ? (double)done / (double)total : 0;
  const int full = part >= 1 ? WIDTH : part <= 0 ? 0 : (int)(part * WIDTH);
  memset(filled, '#', (size_t)full);
  memset(filled + full, '.', (size_t)(WIDTH - full));
  filled[WIDTH] = 0;
  fprintf(stderr, "\r%-10.20s [%s] %3.0f %%  %lld of %lld  %.0f s\033[K", stage ? stage : "",
          filled, 100 * (part > 1 ? 1 : part), (long long)done, (long long)total, seconds);
  (void)fflush(stderr);
  bar.shown = true;
  return cli_stopped();
}

void cli_progress_start(wsf_context *ctx, bool quiet) {
  (void)clock_gettime(CLOCK_MONOTONIC, &bar.begin);
  if (!quiet && isatty(STDERR_FILENO)) wsf_context_set_progress(ctx, on_progress, NULL);
}

void cli_progress_end(void) {
  if (bar.shown) fputs("\r\033[K", stderr);
  bar.shown = false;
}
