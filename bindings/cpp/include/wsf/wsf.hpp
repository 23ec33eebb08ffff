/**
 * @file wsf.hpp
 * @brief All of libwsf for C++17 and later: the C headers with their handles as objects.
 * Header-only; docs/cpp.md has a program. Since 0.2.0.
 */
#ifndef WSF_WSF_HPP
#define WSF_WSF_HPP

#include <wsf/cpp/context.hpp>
#include <wsf/cpp/dataset.hpp>
#include <wsf/cpp/error.hpp>
#include <wsf/cpp/forecaster.hpp>
#include <wsf/cpp/table.hpp>

#endif
