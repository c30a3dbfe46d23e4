/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Discovery in the report: what was found, by whom, and what has to be done first. */

#include "report.h"

/* What a probe saw besides, by name; also that of a server. */
json_t *report_facts_to_json(const ProbeLog *log);

/* The candidates, as objects with the keys of the interface (Discover). */
json_t *report_candidates_to_json(const Report *report);
/* The member "discovery" of the document; NULL: nobody was asked. */
json_t *report_discovery_to_json(const Report *report);
