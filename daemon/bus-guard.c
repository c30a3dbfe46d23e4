/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The limits of users of the system who name servers themselves: the daemon must not become their scanner. */

#include <errno.h>
#include <stdlib.h>

#include "bouncer.h"
#include "bus-private.h"
#include "clock.h"
#include "own.h"

#define SERVERS_MAX (JOB_ACCOUNTS_MAX * SETTINGS_SERVICES_MAX)

/* A port that is left open becomes one of the protocol's own; the planner leaves out what is none of mail. */
static int check_port(const Access *access, const ServiceSettings *service, sd_bus_error *error) {
        if (service->port == 0 || access_has_port(access, service->port))
                return 0;
        _cleanup_free_ char *ports = access_ports_text(access);
        sd_bus_error_setf(error, SD_BUS_ERROR_ACCESS_DENIED,
                          "port %u of %s: the system's maildiagd connects for its users to ports of mail only (%s)",
                          service->port, service->protocol, ports ? ports : "25, ...");
        return -EACCES;
}

static int count(Manager *manager, uid_t uid, const JobRequest *request, sd_bus_error *error) {
        _cleanup_free_ uint64_t *servers = calloc(SERVERS_MAX, sizeof(uint64_t));
        uint64_t wait = 0;
        size_t n = 0;

        if (!servers)
                return bus_error_from(error, -ENOMEM, NULL);
        for (size_t i = 0; i < request->n_accounts; i++)
                for (size_t k = 0; k < request->accounts[i].n_services; k++) {
                        const ServiceSettings *service = &request->accounts[i].services[k];
                        servers[n++] = visits_server(manager->visits, service->connect_to ?: service->host, service->port);
                }
        int r = visits_add(manager->visits, uid, servers, n, clock_boottime_usec(), &wait);
        if (r != -EDQUOT)
                return r < 0 ? bus_error_from(error, r, NULL) : 0;
        sd_bus_error_setf(error, SD_BUS_ERROR_LIMITS_EXCEEDED, "a user may have 20 servers checked in 10 minutes; %s",
                          wait == 0 ? "these are too many at once" : "wait, or use maildiag --private");
        return r;
}

int bus_guard_request(Manager *manager, uid_t uid, JobRequest *request, sd_bus_error *error) {
        int r = 0;

        if (!bouncer_limits(manager->bouncer, uid))
                return 0;
        for (size_t i = 0; r >= 0 && i < request->n_accounts; i++) {
                Settings *settings = &request->accounts[i];
                settings->guarded = true;
                for (size_t k = 0; r >= 0 && k < settings->n_services; k++)
                        r = check_port(bouncer_access(manager->bouncer), &settings->services[k], error);
        }
        return r < 0 ? r : count(manager, uid, request, error);
}
