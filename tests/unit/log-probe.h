/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A probe that only writes down what is reported and found, for tests of files that report. */

#include <maildiag/probe.h>
#include <stdbool.h>

/* From now on every id that is raised is written to $MAILDIAG_PRODUCED_DIR/unit-NAME, too, where the coverage of the
 * catalogue is counted; without that variable nothing is. */
void log_produced_begin(const char *name);

MdProbe *log_probe_new(void);
MdProbe *log_probe_free(MdProbe *probe);

/* "id id id" in the order in which they were raised, each once. */
const char *log_findings(const MdProbe *probe);
/* Whether that id was raised. */
bool log_found(const MdProbe *probe, const char *id);
/* Everything as text: one line per record, "tls outcome=up version=TLS 1.3 …", "finding cert.expired
 * date=…". */
const char *log_text(const MdProbe *probe);
/* The first line that begins so, valid until the next call; "" when there is none. */
const char *log_line(const MdProbe *probe, const char *begin);
