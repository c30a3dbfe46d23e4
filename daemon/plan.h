/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The planner: which targets are tried, from the settings and what was seen.  Pure: no I/O, no clock. */

#include <stddef.h>

#include "control.h"
#include "report.h"
#include "settings.h"
#include "target.h"

#define PLAN_LEAST_MS 500u        /* less time than this is not worth a probe */

typedef struct PlannedProbe {
        size_t service;                 /* index in the settings; SERVICE_NONE */
        ProbeWhy why;
        MdTarget target;                /* owned */
        int fds[_MD_TARGET_FD_MAX];     /* borrowed from the settings; [MD_TARGET_FD_RECORDS] is -1 */
} PlannedProbe;

typedef struct Plan {
        size_t n_probes;
        PlannedProbe *probes;
        bool wants_finders;             /* plugins that find settings on the network are wanted, as far as there are some */
} Plan;

/* What is the same for all rounds. */
typedef struct PlanContext {
        const Registry *registry;
        const ControlList *control;     /* hosts for comparison; NULL: none */
        uint32_t time_scale;
        const char *data_dir;           /* what the administrator adds to the tables; NULL */
        bool offline;                   /* nobody is asked what settings should be */
        const char *proxy, *ispdb;      /* for those who are asked, as in MdTarget */
        bool incomplete;                /* there are more plugins, which the registry does not know yet */
} PlanContext;

void plan_done(Plan *plan);

/*
 * The configured targets.  A service with security "auto" becomes one target per security that the protocol has an
 * endpoint for (TLS first; a given port is tried with the security that belongs to it, or with both when it belongs
 * to none); only the first carries the secret: one login per service and diagnosis.  And the tables that know about
 * providers without a network.
 *
 * Returns 0, or -ENOENT with one line in ret_error (the caller frees it) when a protocol has no plugin; -ENOMEM.
 */
int plan_configured(const Settings *settings, const PlanContext *context, Plan *ret, char **ret_error);
/* Only the targets: of services that were found. */
int plan_services(const Settings *settings, const PlanContext *context, Plan *ret, char **ret_error);

/*
 * What to try next, from what was seen so far; asked again whenever a probe has ended and every PLAN_TICK_MS, until it
 * has nothing more (n_probes 0) and nothing runs.  `left_ms` is what is left of the caller's time; targets get no more.
 *
 * Only where a configured target fails, is unwise or stays silent: other security and ports of the host, the protocol
 * that the port speaks, names that certificate, greeting or name service give the host, names that hosts of the domain
 * usually have, what is published for the address, the other form of the user name; web ports of the host and hosts for comparison, connection only; a login on the best alternative that works, where none was spent yet.
 */
#define PLAN_TICK_MS 1000u

int plan_next(const Settings *settings, const PlanContext *context, const Report *report, uint32_t left_ms, Plan *ret);

/* ---- discovery ---- */

/* The address that settings are looked for; NULL: there is none that they could be published for. */
const char *plan_search_address(const Settings *settings);

/* Whether no service was given, and all that could be asked for some has answered. */
bool plan_may_assume(const Settings *settings, const Report *report);
/* Takes the best that was found for services: one to receive with, one to send.  Returns 0, -EMFILE, -ENOMEM. */
int plan_assume(Settings *settings, const Report *report, const Registry *registry);
