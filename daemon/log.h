/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The daemon's messages, to the journal when it has one, else to standard error.  One line each, made harmless. */

#include <syslog.h>

/* Messages less important than this (LOG_INFO, …) are dropped; the default is LOG_INFO. */
void log_set_level(int level);

void log_line(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));
