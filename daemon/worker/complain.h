/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Says what went wrong in one line on standard error, which the daemon passes on to the journal:
 * "maildiag-worker: …". */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
