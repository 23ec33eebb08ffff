/* Text -> syntax tree: a hand-written lexer with one token of look-ahead and recursive descent over
 * the grammar in expr.h.
 *
 * The text is untrusted: its length, nesting and the number of list entries are limited, it must be
 * UTF-8 without NUL, and every failure carries the byte where it was noticed. A sign belongs to the
 * number behind it; there is no arithmetic. Numbers do not depend on the locale. */
#include "expr/syntax.h"

#include <math.h>
#include <string.h>

enum { RAW_DEPTH = 2 * WSF__EXPR_DEPTH + 2 }; /* a list may stand around every call */

typedef enum token {
  T_END,
  T_WORD,
  T_NUMBER,
  T_TEXT,
  T_OPEN,
  T_CLOSE,
  T_OPEN_LIST,
  T_CLOSE_LIST,
  T_COMMA,
  T_EQUALS,
  T_PIPE,
  T_COLON
} token;

typedef struct parser {
  wsf__arena *arena;
  wsf_error *err;
  const char *text;
  size_t length, at; /* at: just behind the token */
  token tok;
  size_t start;     /* of the token */
  const char *word; /* decoded WORD or TEXT, spelling of a NUMBER */
  double number;
  size_t entries; /* list entries so far, ranges counted in full */
  int lists;      /* open lists of the innermost call */
} parser;

static wsf_status fail_at(wsf_error *err, size_t byte, wsf_status status) {
  wsf__error_at_byte(err, (int64_t)byte);
  return status;
}

static wsf_status fail_memory(const parser *p) {
  return fail_at(p->err, p->start, wsf__fail_memory(p->err));
}

static bool begins_word(char c) {
  return wsf__is_letter(c) || c == '_';
}

static bool is_word_byte(char c) {
  return begins_word(c) || wsf__is_digit(c) || c == '.';
}

bool wsf__plain_word(const char *text) {
  if (!begins_word(text[0])) return false;
  for (const char *p = text; *p; ++p) {
    if (!is_word_byte(*p)) return false;
  }
  return true;
}

/* First byte that is not UTF-8 without NUL (Unicode 15, table 3-7), or length. */
static size_t utf8_valid(const char *text, size_t length) {
  const unsigned char *s = (const unsigned char *)text;
  size_t i = 0;
  while (i < length) {
    const unsigned char c = s[i];
    size_t more;
    unsigned char least = 0x80, most = 0xbf; /* of the second byte */
    if (c == 0) return i;
    if (c < 0x80)
      more = 0;
    else if (c >= 0xc2 && c <= 0xdf)
      more = 1;
    else if (c >= 0xe0 && c <= 0xef)
      more = 2;
    else if (c >= 0xf0 && c <= 0xf4)
      more = 3;
    else
      return i;
    if (c == 0xe0) least = 0xa0;
    if (c == 0xed) most = 0x9f;
    if (c == 0xf0) least = 0x90;
    if (c == 0xf4) most = 0x8f;
    if (length - i <= more) return i;
    for (size_t k = 1; k <= more; ++k) {
      if (s[i + k] < least || s[i + k] > most) return i;
      least = 0x80;
      most = 0xbf;
    }
    i += more + 1;
  }
  return length;
}

static char peek(const parser *p, size_t i) {
  return i < p->length ? p->text[i] : '\0';
}

/* Between the bytes of a word: utf-16, unit-price. */
static bool is_dash(const parser *p, size_t i) {
  return peek(p, i) == '-' && is_word_byte(peek(p, i + 1));
}

static wsf_status lex_number(parser *p) {
  size_t i = p->start;
  if (peek(p, i) == '-' || peek(p, i) == '+') ++i;
  while (wsf__is_digit(peek(p, i))) ++i;
  if (peek(p, i) == '.') ++i;
  while (wsf__is_digit(peek(p, i))) ++i;
  if (peek(p, i) == 'e' || peek(p, i) == 'E') {
    const size_t sign = peek(p, i + 1) == '-' || peek(p, i + 1) == '+';
    if (wsf__is_digit(peek(p, i + 1 + sign))) {
      i += 1 + sign;
      while (wsf__is_digit(peek(p, i))) ++i;
    }
  }
  /* What sticks to a number makes it something else: 2012-02-03, 52weeks, 1.2.3. */
  size_t end = i;
  while (is_word_byte(peek(p, end)) || peek(p, end) == '-' || peek(p, end) == '+' ||
         peek(p, end) == '/') {
    ++end;
  }
  if (end != i || !wsf__number_parse(p->text + p->start, i - p->start, &p->number)) {
    const size_t shown = end - p->start < 40 ? end - p->start : 40;
    return fail_at(p->err, p->start,
                   wsf__fail(p->err, WSF_E_SYNTAX,
                             "'%.*s' is not a finite number; a text or a date stands in quotes",
                             (int)shown, p->text + p->start));
  }
  if (p->number == 0) p->number = 0; /* -0 is 0, so that printing keeps every bit */
  p->at = i;
  p->tok = T_NUMBER;
  p->word = wsf__arena_text(p->arena, p->text + p->start, i - p->start);
  return p->word ? WSF_OK : fail_memory(p);
}

static wsf_status lex_text(parser *p) {
  size_t length = 0, i = p->start + 1;
  for (; i < p->length && p->text[i] != '"'; ++i, ++length) {
    if (p->text[i] != '\\') continue;
    ++i;
    if (peek(p, i) != '"' && peek(p, i) != '\\') {
      return fail_at(p->err, i - 1,
                     wsf__fail(p->err, WSF_E_SYNTAX,
                               "a lone backslash in a text; write \\\\ for a backslash and \\\" "
                               "for a quote"));
    }
  }
  if (i >= p->length) {
    return fail_at(p->err, p->start,
                   wsf__fail(p->err, WSF_E_SYNTAX, "a text without its closing quote"));
  }
  char *copy = wsf__arena_new(p->arena, length + 1, 1);
  if (!copy) return fail_memory(p);
  char *to = copy;
  for (size_t k = p->start + 1; k < i; ++k) {
    if (p->text[k] == '\\') ++k;
    *to++ = p->text[k];
  }
  *to = '\0';
  p->word = copy;
  p->at = i + 1;
  p->tok = T_TEXT;
  return WSF_OK;
}

static wsf_status next_token(parser *p) {
  while (peek(p, p->at) == ' ' || peek(p, p->at) == '\t' || peek(p, p->at) == '\n' ||
         peek(p, p->at) == '\r') {
    ++p->at;
  }
  p->start = p->at;
  if (p->at >= p->length) {
    p->tok = T_END;
    return WSF_OK;
  }
  const char c = p->text[p->at];
  if (begins_word(c)) {
    while (is_word_byte(peek(p, p->at)) || is_dash(p, p->at)) ++p->at;
    p->tok = T_WORD;
    p->word = wsf__arena_text(p->arena, p->text + p->start, p->at - p->start);
    return p->word ? WSF_OK : fail_memory(p);
  }
  if (c == '"') return lex_text(p);
  if (wsf__is_digit(c) || c == '.' || c == '-' || c == '+') return lex_number(p);
  static const char marks[] = "()[],=|:";
  static const token mark_token[] = {T_OPEN,  T_CLOSE,  T_OPEN_LIST, T_CLOSE_LIST,
                                     T_COMMA, T_EQUALS, T_PIPE,      T_COLON};
  const char *mark = strchr(marks, c);
  if (mark) {
    p->tok = mark_token[mark - marks];
    ++p->at;
    return WSF_OK;
  }
  if ((unsigned char)c >= 0x80) {
    return fail_at(
        p->err, p->start,
        wsf__fail(p->err, WSF_E_SYNTAX, "a letter outside ASCII; such words stand in quotes"));
  }
  if ((unsigned char)c < 0x20 || c == 0x7f) {
    return fail_at(p->err, p->start, wsf__fail(p->err, WSF_E_SYNTAX, "a control character"));
  }
  return fail_at(p->err, p->start,
                 wsf__fail(p->err, WSF_E_SYNTAX, "'%c' has no meaning here%s", c,
                           c == '\'' ? "; texts stand in double quotes" : ""));
}

/* "found X; expected Y" at the current token. */
static wsf_status fail_expected(parser *p, const char *expected) {
  char found[64];
  if (p->tok == T_END) {
    memcpy(found, "the end", sizeof "the end");
  } else {
    size_t shown = p->at - p->start < 40 ? p->at - p->start : 40;
    /* never half a character */
    while (shown > 0 && ((unsigned char)peek(p, p->start + shown) & 0xc0) == 0x80) --shown;
    found[0] = '\'';
    memcpy(found + 1, p->text + p->start, shown);
    memcpy(found + 1 + shown, "'", 2);
  }
  return fail_at(p->err, p->start,
                 wsf__fail(p->err, WSF_E_SYNTAX, "found %s; expected %s", found, expected));
}

static wsf_status fail_depth(const parser *p) {
  return fail_at(p->err, p->start,
                 wsf__fail(p->err, WSF_E_SYNTAX, "nested deeper than %d levels", WSF__EXPR_DEPTH));
}

static wsf_status new_raw(parser *p, wsf__raw **out, wsf__raw_kind kind) {
  wsf__raw *raw = wsf__arena_zero(p->arena, 1, sizeof *raw);
  *out = raw;
  if (!raw) return fail_memory(p);
  raw->kind = kind;
  raw->byte = (int64_t)p->start;
  raw->text = p->word;
  return WSF_OK;
}

static wsf_status count_entries(parser *p, size_t byte, double more) {
  if (more > (double)(WSF__EXPR_LIST - p->entries)) {
    return fail_at(
        p->err, byte,
        wsf__fail(p->err, WSF_E_SYNTAX, "lists of more than %d entries together", WSF__EXPR_LIST));
  }
  p->entries += (size_t)more;
  return WSF_OK;
}

static wsf_status parse_value(parser *p, wsf__raw **out, int depth);

/* NUMBER [":" NUMBER] */
static wsf_status parse_number(parser *p, wsf__raw **out) {
  wsf__raw *raw = NULL;
  WSF__TRY(new_raw(p, &raw, WSF__RAW_NUMBER));
  raw->lo = raw->hi = p->number;
  *out = raw;
  WSF__TRY(next_token(p));
  if (p->tok != T_COLON) return count_entries(p, (size_t)raw->byte, 1);
  WSF__TRY(next_token(p));
  if (p->tok != T_NUMBER) return fail_expected(p, "the last number of the range");
  raw->kind = WSF__RAW_RANGE;
  raw->hi = p->number;
  const double most = 9007199254740992.0;
  if (raw->lo != floor(raw->lo) || raw->hi != floor(raw->hi) || fabs(raw->lo) > most ||
      fabs(raw->hi) > most || raw->lo > raw->hi) {
    return fail_at(p->err, (size_t)raw->byte,
                   wsf__fail(p->err, WSF_E_SYNTAX,
                             "the range %s:%s; expected whole numbers, the smaller one first",
                             raw->text, p->word));
  }
  WSF__TRY(count_entries(p, (size_t)raw->byte, raw->hi - raw->lo + 1));
  return next_token(p);
}

/* "[" value { "," value } "]"; "[]" inside a list */
static wsf_status parse_list(parser *p, wsf__raw **out, int depth) {
  wsf__raw *list = NULL;
  WSF__TRY(new_raw(p, &list, WSF__RAW_LIST));
  wsf__raw **tail = &list->first;
  WSF__TRY(next_token(p));
  if (p->tok == T_CLOSE_LIST) {
    if (p->lists == 0) return fail_expected(p, "at least one entry");
    *out = list;
    return next_token(p);
  }
  ++p->lists;
  for (;;) {
    WSF__TRY(parse_value(p, tail, depth + 1));
    tail = &(*tail)->next;
    if (p->tok == T_CLOSE_LIST) break;
    if (p->tok != T_COMMA) return fail_expected(p, "',' or ']'");
    WSF__TRY(next_token(p));
  }
  --p->lists;
  *out = list;
  return next_token(p);
}

/* [ arg { "," arg } ], up to but not including `close`, chained from *tail. */
static wsf_status parse_arguments(parser *p, wsf__raw **tail, token close, int depth) {
  if (p->tok == close) return WSF_OK;
  for (;;) {
    const size_t key_byte = p->start;
    const char *key = NULL;
    if (p->tok == T_WORD) {
      /* One more token tells a key from a value. */
      const parser before = *p;
      WSF__TRY(next_token(p));
      if (p->tok == T_EQUALS) {
        key = before.word;
        WSF__TRY(next_token(p));
      } else {
        *p = before;
      }
    }
    WSF__TRY(parse_value(p, tail, depth));
    (*tail)->key = key;
    (*tail)->key_byte = (int64_t)key_byte;
    tail = &(*tail)->next;
    if (p->tok == close) return WSF_OK;
    if (p->tok != T_COMMA) return fail_expected(p, close == T_END ? "','" : "',' or ')'");
    WSF__TRY(next_token(p));
  }
}

/* name [ "(" arguments ")" ] */
static wsf_status parse_call(parser *p, wsf__raw **out, int depth) {
  wsf__raw *call = NULL;
  if (p->tok != T_WORD) return fail_expected(p, "a name");
  WSF__TRY(new_raw(p, &call, WSF__RAW_WORD));
  *out = call;
  WSF__TRY(next_token(p));
  if (p->tok != T_OPEN) return WSF_OK;
  call->kind = WSF__RAW_CALL;
  WSF__TRY(next_token(p));
  const int lists = p->lists;
  p->lists = 0;
  WSF__TRY(parse_arguments(p, &call->first, T_CLOSE, depth + 1));
  p->lists = lists;
  return next_token(p);
}

static wsf_status parse_expression(parser *p, wsf__raw **out, int depth) {
  WSF__TRY(parse_call(p, out, depth));
  if (p->tok != T_PIPE) return WSF_OK;
  wsf__raw *pipe = NULL;
  WSF__TRY(new_raw(p, &pipe, WSF__RAW_PIPE));
  pipe->byte = (*out)->byte;
  pipe->text = (*out)->text;
  pipe->first = *out;
  *out = pipe;
  wsf__raw **tail = &pipe->first->next;
  for (int n = 2; p->tok == T_PIPE; ++n) {
    WSF__TRY(next_token(p));
    if (n > WSF__EXPR_DEPTH) return fail_depth(p);
    WSF__TRY(parse_call(p, tail, depth));
    tail = &(*tail)->next;
  }
  return WSF_OK;
}

static wsf_status parse_value(parser *p, wsf__raw **out, int depth) {
  if (depth > RAW_DEPTH) return fail_depth(p);
  switch (p->tok) {
  case T_NUMBER:
    return parse_number(p, out);
  case T_OPEN_LIST:
    return parse_list(p, out, depth);
  case T_WORD:
    return parse_expression(p, out, depth);
  case T_TEXT:
    WSF__TRY(new_raw(p, out, WSF__RAW_TEXT));
    return next_token(p);
  default:
    return fail_expected(p, "a value");
  }
}

wsf_status wsf__raw_parse(wsf__raw **out, wsf__arena *arena, wsf__raw_goal goal, const char *text,
                          size_t length, wsf_error *err) {
  parser p = {.arena = arena, .err = err, .text = text, .length = length, .word = ""};
  if (length > WSF__EXPR_BYTES) {
    return fail_at(err, WSF__EXPR_BYTES,
                   wsf__fail(err, WSF_E_SYNTAX, "an expression of %zu bytes; expected at most %d",
                             length, WSF__EXPR_BYTES));
  }
  const size_t valid = utf8_valid(text, length);
  if (valid < length) {
    return fail_at(err, valid,
                   wsf__fail(err, WSF_E_SYNTAX, "a byte that is not UTF-8 text: 0x%02x",
                             (unsigned)(unsigned char)text[valid]));
  }
  WSF__TRY(next_token(&p));
  switch (goal) {
  case WSF__GOAL_EXPRESSION:
    WSF__TRY(parse_expression(&p, out, 1));
    break;
  case WSF__GOAL_VALUE:
    WSF__TRY(parse_value(&p, out, 1));
    break;
  case WSF__GOAL_ARGUMENTS:
    WSF__TRY(new_raw(&p, out, WSF__RAW_CALL));
    (*out)->text = "";
    WSF__TRY(parse_arguments(&p, &(*out)->first, T_END, 1));
    break;
  }
  return p.tok == T_END ? WSF_OK : fail_expected(&p, "'|' or the end");
}
