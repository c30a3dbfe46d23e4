/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What came of fetching documents, said in the same way by every plugin. */

#include "fetch.h"

/* Of one request: the source that was asked, and the finding that its outcome is.  Returns whether there is a document to be
 * read; a web page is none. */
bool web_report(MdProbe *probe, const WebRequest *request);

/* Of a document that web_report() let through: whether settings were found in it. */
void web_report_read(MdProbe *probe, const WebRequest *request, bool found);

/* Of a document that cannot be read: `id` is "autoconf.bad-xml" or "autoconf.bad-json". */
void web_report_fault(MdProbe *probe, const WebRequest *request, const char *id, const char *what, unsigned long line);

/* Of all requests of a step: when none was answered because of the network, that is said once. */
void web_report_network(MdProbe *probe, const WebRequest *requests, size_t n);

/* Where the document of a request was found, for people and candidates. */
const char *web_origin(const WebRequest *request);
