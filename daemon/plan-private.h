/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the planner's rounds share. */

#include "plan.h"

/* What is the same for all targets of one planning. */
typedef struct Frame {
        const Settings *settings;
        const Registry *registry;
        uint32_t timeout_ms;            /* for each probe */
        uint32_t time_scale;
        const char *data_dir, *proxy, *ispdb;
} Frame;

/* A target as the planner thinks of it: what differs from the settings of its service.  NULL: as configured. */
typedef struct Draft {
        size_t service;
        ProbeWhy why;
        const char *plugin;
        const char *host;
        uint16_t port;
        MdSecurity security;
        const char *username;
        bool any_mechanism;             /* whatever the settings allow */
        bool with_login;                /* carries the secret */
        bool connect_only;              /* nothing of the account is said there */
} Draft;

/* Appends a draft as a probe.  Returns 0, -ENOMEM. */
int plan_add(Plan *plan, const Frame *frame, const Draft *draft);

/* Appends those that know about providers without a network; `mx`: exchangers of the domain (NULL: not known).  Returns 0,
 * -ENOMEM. */
int plan_ask_tables(Plan *plan, const Frame *frame, const char *const *mx);
