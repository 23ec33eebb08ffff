/**
 * @file wsf.h
 * @brief All of libwsf: context, sources, dataset, model, forecaster, table.
 */
#ifndef WSF_WSF_H
#define WSF_WSF_H

#include <wsf/context.h>
#include <wsf/dataset.h>
#include <wsf/evaluate.h>
#include <wsf/features.h>
#include <wsf/forecaster.h>
#include <wsf/model.h>
#include <wsf/source.h>
#include <wsf/status.h>
#include <wsf/table.h>

#endif
