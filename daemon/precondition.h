/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What has to be done, or cannot be done, before settings of a provider work: as tables told the report.  Pure. */

#include "denial.h"
#include "report.h"

/* The next precondition after `after` (NULL: the first) that is about a service of this protocol at this host; the host
 * decides whether it is the provider's.  NULL: no more. */
const MdRecord *precondition_next(const Report *report, const MdRecord *after, const char *protocol, const char *host);
/* The first of that kind; NULL. */
const MdRecord *precondition_find(const Report *report, const char *kind, const char *protocol, const char *host);

/* Whether the provider takes no password from an app, so that the login of this probe would be wasted. */
bool login_is_wasted(const Report *report, const ProbeLog *log, Denial *ret);

/* Name of the provider that a table knows for the address; NULL: none does. */
const char *provider_name(const Report *report);
