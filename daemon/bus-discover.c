/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Discover and StartDiscover: which settings an address should have. */

#include <errno.h>
#include <string.h>

#include "bus-reader.h"
#include "form.h"
#include "own.h"
#include "report-discovery.h"

static int check_address(const char *address, sd_bus_error *error) {
        const char *fault = form_fault_search(address);
        _cleanup_free_ char *text = NULL;

        if (fault && asprintf(&text, "argument 'address' %s", fault) < 0)
                return bus_error_from(error, -ENOMEM, NULL);
        return fault ? bus_error_from(error, -EINVAL, text) : 0;
}

int bus_read_discover(sd_bus_message *call, JobRequest *request, sd_bus_error *error) {
        Settings *settings;
        const char *address;

        int r = job_request_add(request, &settings);
        if (r >= 0)
                r = sd_bus_message_read(call, "s", &address);
        if (r < 0)
                return bus_error_from(error, r, NULL);
        r = check_address(address, error);
        if (r < 0)
                return r;
        settings->search.only = true;
        settings->address = strdup(address);
        if (!settings->address)
                return bus_error_from(error, -ENOMEM, NULL);
        Reader reader = { .message = call, .place = OPTION_PLACE_SEARCH, .settings = settings };
        return bus_read_dictionary(&reader, error);
}

int bus_append_candidates(sd_bus_message *message, const Report *report) {
        json_t *candidates = report_candidates_to_json(report);
        int r = candidates ? bus_append_objects(message, candidates) : -ENOMEM;

        json_decref(candidates);
        return r;
}
