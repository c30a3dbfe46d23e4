/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a probe said that read a source, as accounts and faults.  Pure: the probe is not trusted, and nothing is taken over that
 * could not stand in an account of maildiag's own. */

#include "probe-log.h"
#include "source.h"

/* Whether the probe came to its end, so that what it did not hand out is not there. */
bool source_log_is_whole(const ProbeLog *log);
/* Gives it to the sink; of one that is not whole a fault of the home directory, so that everything stays.  Returns 0, -ENOMEM. */
int source_log_read(const ProbeLog *log, const Source *source, const SourceSink *sink);
