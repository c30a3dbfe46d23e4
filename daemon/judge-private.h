/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The judge's chapters, in the order in which report_judge() goes through them. */

#include "judge.h"

/* Where the other form of the user name logged in, the refusal of the configured one is a matter of its form. */
int judge_usernames(Report *report, const Registry *registry);

/* Where the budget had no login left, that is said once for each service. */
int judge_budget(Report *report, const Registry *registry);

/* Adds what an earlier certificate tells. */
int judge_memory(Report *report, const Registry *registry);

/* What is published for the address, and what tables know about its provider. */
int judge_discovery(Report *report, const Registry *registry);

/* Says where better ways to log in are gone once the connection is encrypted. */
int judge_downgrade(Report *report, const Registry *registry);

/* Adds what several probes prove together; the findings that they saw are consequences of it. */
int judge_rules(Report *report, const Registry *registry);
/* Whether a rule makes the first a consequence of the second. */
bool judge_rule_links(const char *consequence, const char *cause);

/* Names what a refusal may be just as well, as far as nothing has shown that it is not. */
int judge_alternatives(Report *report, const Registry *registry);

/* Gives the first error of each service the best alternative that works as its proposal, and takes back what was
 * tried in vain.  The findings are in their final order. */
int judge_proposals(Report *report, const Registry *registry);

/* Whether no log before this one is of the same service, so that each service is judged once. */
bool is_first_of_service(const Report *report, size_t probe);
