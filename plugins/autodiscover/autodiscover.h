/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The plugin that asks as Outlook does. */

#include "ask.h"
#include "report.h"
#include "url.h"
#include "values.h"

#define AUTODISCOVER_N_FINDINGS 2u
extern const MdFindingInfo autodiscover_findings[AUTODISCOVER_N_FINDINGS];

/* ---- answers.c: what they say ---- */

/* An answer to a request for XML.  Returns 1 with the next URL when it leads to one that may be asked, 0, -ENOMEM. */
int autodiscover_read_xml(MdProbe *probe, const WebRequest *request, WebUrl *ret_next);
/* An answer of version 2. */
void autodiscover_read_json(MdProbe *probe, const WebRequest *request);
/* The host that autodiscover.DOMAIN is another name of: an answer with a record. */
void autodiscover_read_alias(MdProbe *probe, const DnsQuestion *question);
