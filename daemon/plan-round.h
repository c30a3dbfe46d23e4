/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A later round of the planner: what it looks at, the plan that it makes, and its chapters. */

#include "plan-private.h"

typedef struct Round {
        Frame frame;
        const ControlList *control;
        const Report *report;
        uint32_t elapsed_ms;
        bool offline;
        bool incomplete;                /* plugins will be added to the registry */
        Plan plan;
} Round;

/* Appends a draft unless it repeats what ran or is planned.  Returns 0, -ENOMEM. */
int round_add(Round *round, const Draft *draft);

/* Names that the host itself, or the name service, gives it: of greeting and certificate. */
int round_try_names(Round *round, size_t service, const ProbeLog *log);
/* Names that hosts of the account's domain usually have, with the ports and securities of the protocol. */
int round_try_usual_names(Round *round, size_t service, const ProbeLog *log);

/* One host, with the ports and securities of the protocol. */
int round_try_host(Round *round, size_t service, const ProbeLog *log, const char *host, ProbeWhy why);

/* Asks on the network what the settings should be, if nobody has. */
int round_ask_network(Round *round);
/* Whether some that were asked, or are about to be, have not answered, and there is time to wait for them. */
bool round_awaits_finders(const Round *round);
/* The same where that is the question; and tries what is found. */
int round_search(Round *round);
/* For a service: what is published, and names that its host nearly has. */
int round_try_discovered(Round *round, size_t service);
int round_try_similar_names(Round *round, size_t service, const ProbeLog *log);

/* Connections for comparison: whether a web server answers at the host; whether hosts of others can be reached. */
int round_try_web(Round *round, size_t service);
int round_try_control(Round *round, size_t service, const ProbeLog *log);

/* Whether any probe of the service came to a login. */
bool round_login_tried(const Round *round, size_t service);
/* The other form of a refused user name, with login. */
int round_try_username(Round *round, size_t service, const ProbeLog *log);
/* The one login of a service by whatever the server offers, where the settings allow none of it. */
int round_try_mechanism(Round *round, size_t service, const ProbeLog *log);
/* The one login of a service whose configured target never came to it: on the best of what works. */
int round_prove(Round *round, size_t service);
/* The one login of a service whose security is open, on a candidate that works. */
int round_try_auto_login(Round *round, size_t service);
