/* Training: samples, epochs, and when to end.
 *
 * A sample is a window of a series that ends with a few origins, each of which forecasts `horizon`
 * steps. An epoch goes through windows that cover all origins, laid anew each time, in random
 * order. A batch is cut in pieces of fixed size, whose gradients are added in their order, so that
 * the workers make no difference. The weights kept are a running mean of those of the steps (Polyak
 * and Juditsky 1992). How many epochs are enough is asked of the end of the histories, which a
 * first course does not see; a second one, over all that is known, takes as many. */
#include "models/global/gain_search.h"

#include "math/elementary.h"
#include "models/regressors.h"

#include <string.h>

enum { MOST_SAMPLES = 16384 /* of an epoch */ };
/* Streams of random numbers, behind that of the first weights. */
enum { WINDOWS = 1, DROPPED = 2 /* and on */ };

/* ---- what is shown ------------------------------------------------------------------------- */

static float within(double x) {
  return (float)fmax(-8, fmin(8, x));
}

void wsf__tell_read(float *to, double error, bool observed, double season, const float *x,
                    int64_t columns) {
  *to++ = within(error);
  *to++ = observed ? 1 : 0;
  *to++ = within(season);
  for (int64_t c = 0; c < columns; ++c) *to++ = x[c];
}

void wsf__tell_ahead(float *to, const wsf__lesson *l, float before, float season, float after,
                     int64_t h, int64_t phase, const float *x) {
  const double part = (double)(h < l->horizon ? h : l->horizon) / (double)l->horizon;
  *to++ = within((double)season);
  *to++ = within((double)(before - season));
  *to++ = within((double)(after - season));
  *to++ = (float)part;
  *to++ = (float)sqrt(part);
  for (int k = 0; k < 4; ++k) *to++ = l->waves[phase * 4 + k];
  for (int64_t c = 0; c < l->columns; ++c) *to++ = x[c];
}

const float *wsf__waves(int64_t m, wsf__arena *arena) {
  float *waves = wsf__arena_zero(arena, (size_t)m * 4, sizeof *waves);
  for (int64_t j = 0; waves && m > 1 && j < m; ++j) {
    double turn[4];
    wsf__fourier(2, m, j, turn);
    for (int k = 0; k < 4; ++k) waves[j * 4 + k] = (float)turn[k];
  }
  return waves;
}

void wsf__show_history(const wsf__lesson *l, const wsf__pupil *pupil, int64_t end, wsf__samples *s,
                       int64_t i) {
  const wsf__track *k = &pupil->track;
  const int in = l->net->layer[0].in;
  for (int64_t step = 0; step < s->steps; ++step) {
    const int64_t t = end - s->steps + 1 + step;
    if (t < 0) continue;
    wsf__tell_read(s->x + (step * s->n + i) * in, (double)k->error[t],
                   t >= k->start && !isnan(k->y[t]), (double)k->season[t], pupil->x + t * l->inputs,
                   l->inputs);
  }
}

void wsf__show(const wsf__lesson *l, int64_t series, int64_t end, wsf__samples *s, int64_t i) {
  const wsf__pupil *pupil = &l->pupil[series];
  const wsf__track *k = &pupil->track;
  memcpy(s->code + i * l->net->n_tables, pupil->code,
         (size_t)l->net->n_tables * sizeof *pupil->code);
  wsf__show_history(l, pupil, end, s, i);
  for (int64_t o = 0; o < s->origins; ++o) {
    const int64_t t = end - s->origins + 1 + o;
    for (int64_t h = 1; h <= s->horizon; ++h) {
      if (t < k->start - 1 || t + h >= k->known) break;
      float *to = s->ahead + ((o * s->n + i) * s->horizon + h - 1) * l->net->ahead;
      wsf__tell_ahead(to, l, wsf__track_season(k, t, t + h - 1), wsf__track_season(k, t, t + h),
                      wsf__track_season(k, t, t + h + 1), h, (pupil->phase + t + h) % l->m,
                      pupil->x + (t + h) * l->inputs);
    }
  }
}

/* ---- one batch ----------------------------------------------------------------------------- */

typedef struct window {
  int64_t series, end; /* the last origin */
} window;

/* Targets of a pass: those before the end that a course may see, or those from there on. */
typedef struct pass {
  const wsf__lesson *l;
  const int64_t *limit; /* [series] */
  bool beyond;
  const float *weight;
  const window *sample;
  int64_t n;
  double dropout;        /* of a pass that learns */
  uint64_t seed, stream; /* of what is left out; a piece takes the stream behind that before */
  float *gradient;       /* [pieces][net->n]; NULL: only the loss is asked for */
  double *loss, *count;  /* [pieces] sums over targets, and how many */
  double *off;           /* [pieces][horizon][2] the same of how far off steps are; NULL */
  wsf__gains *slope;     /* [n] what became of the gains of a sample's series; NULL: nobody asks */
} pass;

static void note_off(const pass *p, int64_t piece, int64_t h, double off) {
  double *to = p->off + (piece * p->l->horizon + h - 1) * 2;
  to[0] += off;
  to[1] += 1;
}

/* Losses of one sample; its heads become their derivatives. */
static void judge(const pass *p, const window *w, wsf__samples *s, int64_t i, int64_t piece) {
  const wsf__pupil *pupil = &p->l->pupil[w->series];
  const wsf__track *k = &pupil->track;
  const wsf__head *head = p->l->head;
  const int64_t limit = p->limit[w->series];
  const double origin = pupil->scale > 0 ? k->centre / pupil->scale : 0;
  for (int64_t o = 0; o < s->origins; ++o) {
    const int64_t t = w->end - s->origins + 1 + o;
    for (int64_t h = 1; h <= s->horizon; ++h) {
      float *raw = s->raw + ((o * s->n + i) * s->horizon + h - 1) * head->numbers;
      float d[WSF__MOST_SAID] = {0};
      const int64_t at = t + h;
      if (t >= k->start - 1 && at < k->known && (at >= limit) == p->beyond && !isnan(k->y[at])) {
        const float level = k->level[t], season = wsf__track_season(k, t, at);
        const wsf__aim aim = {.beside = k->y[at] - level - season,
                              .tracked = origin + (double)level + (double)season,
                              .y = pupil->y[at],
                              .scale = pupil->scale};
        p->loss[piece] += wsf__head_loss(head, raw, &aim, d);
        p->count[piece] += 1;
        if (p->off) note_off(p, piece, h, wsf__head_off(head, raw, &aim));
      }
      memcpy(raw, d, (size_t)head->numbers * sizeof *d);
    }
  }
}

static wsf_status run_piece(wsf__fit *f, int64_t piece, void *user) {
  const pass *p = user;
  const int64_t from = piece * WSF__PIECE;
  wsf__samples s = {.n = p->n - from < WSF__PIECE ? p->n - from : WSF__PIECE,
                    .steps = p->l->steps,
                    .origins = WSF__ORIGINS,
                    .horizon = p->l->horizon};
  if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
  if (!wsf__samples_room(&s, p->l->net, p->gradient != NULL, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  if (p->dropout > 0) {
    wsf__rng r;
    wsf__rng_init(&r, p->seed, p->stream + (uint64_t)piece);
    if (!wsf__samples_drop(&s, p->l->net, p->dropout, &r, f->scratch)) {
      return wsf__fail_memory(f->err);
    }
  }
  for (int64_t i = 0; i < s.n; ++i) {
    wsf__show(p->l, p->sample[from + i].series, p->sample[from + i].end, &s, i);
  }
  wsf__network_read(p->l->net, p->weight, &s);
  wsf__network_say(p->l->net, p->weight, &s);
  p->loss[piece] = p->count[piece] = 0;
  const size_t widths = (size_t)p->l->horizon * 2;
  if (p->off) memset(p->off + (size_t)piece * widths, 0, widths * sizeof *p->off);
  for (int64_t i = 0; i < s.n; ++i) judge(p, &p->sample[from + i], &s, i, piece);
  if (!p->gradient) return WSF_OK;
  float *gradient = p->gradient + piece * p->l->net->n;
  memset(gradient, 0, (size_t)p->l->net->n * sizeof *gradient);
  if (p->slope && !wsf__samples_ask(&s, p->l->net, f->scratch)) return wsf__fail_memory(f->err);
  wsf__network_learn(p->l->net, p->weight, &s, gradient);
  for (int64_t i = 0; p->slope && i < s.n; ++i) {
    const window *w = &p->sample[from + i];
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    if (!wsf__gain_slope(&p->slope[from + i], p->l, w->series, w->end, &s, i, f->scratch)) {
      return wsf__fail_memory(f->err);
    }
    wsf__arena_reset(f->scratch, mark);
  }
  return WSF_OK;
}

static int64_t pieces_of(int64_t samples) {
  return (samples + WSF__PIECE - 1) / WSF__PIECE;
}

/* ---- a course ------------------------------------------------------------------------------ */

/* Room that all courses use. */
typedef struct desk {
  const wsf__lesson *l;
  const wsf__course *c;
  window *sample, *judged; /* of an epoch; of the end of the histories */
  int64_t n_judged;
  int64_t *limit; /* [series] */
  double *width;  /* [horizon] of a head that widens */
  float *first;   /* weights as they begin */
  float *weight, *gradient, *mean, *square;
  double *loss, *count;
  double *off, *all_off;    /* of a head that widens; [horizon][2] of all pieces. NULL: of others */
  wsf__gains *slope;        /* [batch] of samples */
  uint64_t stream;          /* of random numbers, that the next piece takes */
  wsf__gain_search *search; /* of each series; NULL: gains are given */
} desk;

/* The windows of an epoch, in random order. */
static int64_t lay(const desk *d, wsf__rng *r) {
  int64_t n = 0;
  for (int64_t i = 0; i < d->l->n; ++i) {
    const wsf__track *k = &d->l->pupil[i].track;
    const int64_t last = (d->limit[i] < k->known ? d->limit[i] : k->known) - 2;
    for (int64_t end = last - wsf__rng_below(r, WSF__ORIGINS); end >= k->start - 1;
         end -= WSF__ORIGINS) {
      d->sample[n++] = (window){i, end};
    }
  }
  for (int64_t i = 0; i + 1 < n && i < MOST_SAMPLES; ++i) {
    const int64_t j = i + wsf__rng_below(r, n - i);
    const window w = d->sample[i];
    d->sample[i] = d->sample[j];
    d->sample[j] = w;
  }
  return n < MOST_SAMPLES ? n : MOST_SAMPLES;
}

/* The weights of a step go into the mean by this share. */
static float share_of(int64_t step) {
  return (float)fmax(0.01, 9.0 / (10.0 + (double)step));
}

static wsf_status epoch(wsf__fit *f, desk *d, wsf__adam *adam, wsf__rng *r, int64_t *step,
                        float *kept) {
  const int64_t n = lay(d, r), weights = d->l->net->n;
  for (int64_t from = 0; from < n; from += d->c->batch) {
    pass p = {.l = d->l,
              .limit = d->limit,
              .weight = d->weight,
              .sample = d->sample + from,
              .n = n - from < d->c->batch ? n - from : d->c->batch,
              .dropout = d->c->dropout,
              .seed = d->c->seed,
              .stream = d->stream,
              .gradient = d->gradient,
              .loss = d->loss,
              .count = d->count,
              .slope = d->search ? d->slope : NULL};
    const int64_t pieces = pieces_of(p.n);
    d->stream += (uint64_t)pieces;
    WSF__TRY(f->parallel(f, pieces, run_piece, &p));
    double count = d->count[0];
    for (int64_t k = 1; k < pieces; ++k) {
      count += d->count[k];
      for (int64_t j = 0; j < weights; ++j) d->gradient[j] += d->gradient[k * weights + j];
    }
    if (count == 0) continue;
    for (int64_t j = 0; j < weights; ++j) d->gradient[j] /= (float)count;
    wsf__adam_step(adam, d->weight, d->gradient);
    for (int64_t i = 0; d->search && i < p.n; ++i) {
      wsf__gain_add(&d->search[p.sample[i].series], &d->slope[i]);
    }
    for (int64_t i = 0; d->search && i < p.n; ++i) {
      const int64_t series = p.sample[i].series;
      wsf__gain_step(&d->search[series], &d->l->pupil[series]);
    }
    const float share = share_of((*step)++);
    for (int64_t j = 0; j < weights; ++j) kept[j] += share * (d->weight[j] - kept[j]);
  }
  return WSF_OK;
}

/* Mean loss beyond the limits, and how far off steps are there. */
static wsf_status look(wsf__fit *f, desk *d, const float *weight, double *loss) {
  const int64_t widths = d->off ? 2 * d->l->horizon : 0;
  double sum = 0, count = 0;
  for (int64_t j = 0; j < widths; ++j) d->all_off[j] = 0;
  for (int64_t from = 0; from < d->n_judged; from += d->c->batch) {
    pass p = {.l = d->l,
              .limit = d->limit,
              .beyond = true,
              .weight = weight,
              .sample = d->judged + from,
              .n = d->n_judged - from < d->c->batch ? d->n_judged - from : d->c->batch,
              .loss = d->loss,
              .count = d->count,
              .off = d->off};
    WSF__TRY(f->parallel(f, pieces_of(p.n), run_piece, &p));
    for (int64_t k = 0; k < pieces_of(p.n); ++k) {
      sum += d->loss[k];
      count += d->count[k];
      for (int64_t j = 0; j < widths; ++j) d->all_off[j] += d->off[k * widths + j];
    }
  }
  *loss = count > 0 ? sum / count : 0;
  return WSF_OK;
}

/* Steps of which nothing was seen are off by as much as those before; the first by as much as the
 * tracking, whose errors are the scale. */
static void settle_widths(const desk *d) {
  double width = 1;
  for (int64_t h = 0; d->off && h < d->l->horizon; ++h) {
    const double *seen = d->all_off + 2 * h;
    if (seen[1] > 0 && isfinite(seen[0])) width = seen[0] / seen[1];
    d->width[h] = width;
  }
}

/* Epochs from the beginning: as many as told, or until nothing gets better beyond the limits. The
 * mean weights go to kept; returns in *best how many were enough. */
static wsf_status take(wsf__fit *f, desk *d, int64_t epochs, bool judged, float *kept,
                       int64_t *best) {
  const size_t bytes = (size_t)d->l->net->n * sizeof *kept;
  wsf__adam adam;
  wsf__rng r;
  wsf__adam_begin(&adam, d->l->net->n, d->mean, d->square);
  adam.rate = d->c->rate;
  adam.decay = d->c->decay;
  adam.clip = 1;
  wsf__rng_init(&r, d->c->seed, WINDOWS);
  d->stream = DROPPED;
  memcpy(d->weight, d->first, bytes);
  memcpy(kept, d->first, bytes);
  for (int64_t i = 0; d->search && i < d->l->n; ++i) {
    wsf__gain_begin(&d->search[i], &d->l->pupil[i]);
  }
  double least = INFINITY;
  int64_t step = 0;
  *best = epochs;
  if (judged) {
    WSF__TRY(look(f, d, kept, &least));
    settle_widths(d);
    *best = 0;
  }
  for (int64_t e = 1; e <= epochs; ++e) {
    double loss;
    wsf_status status = epoch(f, d, &adam, &r, &step, kept);
    if (status == WSF_OK && judged) status = look(f, d, kept, &loss);
    if (status != WSF_OK) {
      wsf__say_cut(f->err, f->env, d->c->name, e - 1, epochs,
                   judged ? "epochs that tell how many are enough" : "epochs");
      return status;
    }
    if (!judged) continue;
    if (loss < least) {
      least = loss;
      *best = e;
      settle_widths(d);
    }
    if (e - *best >= d->c->patience) break;
  }
  return WSF_OK;
}

/* What a first course does not see of a series: a quarter of what could be forecast, at most a
 * horizon. */
static int64_t hidden_of(const wsf__lesson *l, const wsf__track *k) {
  const int64_t most = (k->known - k->start) / 4;
  return most < l->horizon ? most : l->horizon;
}

static bool furnish(desk *d, wsf__arena *scratch) {
  const wsf__lesson *l = d->l;
  const size_t weights = (size_t)l->net->n;
  const size_t pieces = (size_t)pieces_of(d->c->batch);
  size_t windows = 0, all;
  for (int64_t i = 0; i < l->n; ++i) {
    windows += (size_t)(l->pupil[i].track.known / WSF__ORIGINS + 1);
  }
  if (!wsf__mul(pieces, weights, &all)) return false;
  d->sample = wsf__arena_new(scratch, windows, sizeof *d->sample);
  d->judged = wsf__arena_new(scratch, (size_t)l->n, sizeof *d->judged);
  d->limit = wsf__arena_new(scratch, (size_t)l->n, sizeof *d->limit);
  d->first = wsf__arena_new(scratch, weights, sizeof(float));
  d->weight = wsf__arena_new(scratch, weights, sizeof(float));
  d->gradient = wsf__arena_new(scratch, all, sizeof(float));
  d->mean = wsf__arena_new(scratch, weights, sizeof(float));
  d->square = wsf__arena_new(scratch, weights, sizeof(float));
  d->loss = wsf__arena_new(scratch, pieces, sizeof *d->loss);
  d->count = wsf__arena_new(scratch, pieces, sizeof *d->count);
  if (l->head->widens) {
    const size_t widths = 2 * (size_t)l->horizon;
    if (!wsf__mul(pieces, widths, &all)) return false;
    d->off = wsf__arena_new(scratch, all, sizeof *d->off);
    d->all_off = wsf__arena_new(scratch, widths, sizeof *d->all_off);
    if (!d->off || !d->all_off) return false;
  }
  if (l->gains) {
    d->slope = wsf__arena_new(scratch, (size_t)d->c->batch, sizeof *d->slope);
    d->search = wsf__arena_new(scratch, (size_t)l->n, sizeof *d->search);
    if (!d->slope || !d->search) return false;
  }
  for (int64_t i = 0; d->search && i < l->n; ++i) d->search[i].first = l->pupil[i].gains;
  return d->sample && d->judged && d->limit && d->first && d->weight && d->gradient && d->mean &&
         d->square && d->loss && d->count;
}

static wsf_status learn(wsf__fit *f, const wsf__lesson *l, const wsf__course *c, float *weight,
                        double *width) {
  desk d = {.l = l, .c = c, .width = width};
  if (!furnish(&d, f->scratch)) return wsf__fail_memory(f->err);
  memcpy(d.first, weight, (size_t)l->net->n * sizeof *weight);
  for (int64_t i = 0; i < l->n; ++i) {
    const wsf__track *k = &l->pupil[i].track;
    d.limit[i] = k->known - hidden_of(l, k);
    if (d.limit[i] < k->known) d.judged[d.n_judged++] = (window){i, d.limit[i] - 1};
  }
  int64_t epochs = c->epochs, all;
  const bool judged = c->patience > 0 && d.n_judged > 0;
  if (judged) WSF__TRY(take(f, &d, epochs, true, weight, &epochs));
  if (!judged && d.off) {
    double loss;
    if (d.n_judged > 0) WSF__TRY(take(f, &d, epochs, false, weight, &all));
    WSF__TRY(look(f, &d, weight, &loss));
    settle_widths(&d);
  }
  for (int64_t i = 0; i < l->n; ++i) d.limit[i] = l->pupil[i].track.known;
  return take(f, &d, epochs, false, weight, &all);
}

wsf_status wsf__learn(wsf__fit *f, const wsf__lesson *l, const wsf__course *c, float *weight,
                      double *width) {
  wsf__arena *const keep = f->keep;
  wsf__arena pieces; /* a loan for each piece of each batch: none leaves anything in it */
  wsf__arena_init(&pieces, &f->env->alloc);
  f->keep = &pieces;
  const wsf_status status = learn(f, l, c, weight, width);
  f->keep = keep;
  wsf__arena_free(&pieces);
  return status;
}
