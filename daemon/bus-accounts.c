/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Reads a list of accounts out of a message.
 *
 * What is given for all of them comes last in the message, and what is given for an account may come behind its
 * services; so everything is read before that which it is a default for.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bus-reader.h"
#include "own.h"

/* "account 2: …". */
static int fail(size_t number, int r, const char *text, sd_bus_error *error) {
        _cleanup_free_ char *placed = NULL;

        if (text && asprintf(&placed, "account %zu: %s", number, text) < 0)
                placed = NULL;
        return bus_error_from(error, r, placed ? placed : text);
}

static int read_services(sd_bus_message *call, const ServiceSettings *defaults, size_t number, Settings *settings,
                         sd_bus_error *error) {
        int r = sd_bus_message_enter_container(call, 'v', "aa{sv}");
        if (r >= 0)
                r = bus_read_services(call, defaults, number, settings, error);
        if (r < 0)
                return sd_bus_error_is_set(error) ? r : fail(number, r, NULL, error);
        r = sd_bus_message_exit_container(call);
        return r < 0 ? fail(number, r, NULL, error) : 0;
}

/* The second time through the dictionary: everything but the services has been read. */
static int find_services(sd_bus_message *call, const ServiceSettings *defaults, size_t number, Settings *settings,
                         sd_bus_error *error) {
        const char *key;
        int r = sd_bus_message_rewind(call, false);

        while (r >= 0 && (r = sd_bus_message_enter_container(call, 'e', "sv")) > 0) {
                r = sd_bus_message_read(call, "s", &key);
                if (r < 0)
                        break;
                if (!strcmp(key, "services")) {
                        r = read_services(call, defaults, number, settings, error);
                        if (r < 0)
                                return r;
                } else
                        r = sd_bus_message_skip(call, "v");
                if (r >= 0)
                        r = sd_bus_message_exit_container(call);
        }
        return r < 0 ? fail(number, r, NULL, error) : 0;
}

/* The address of an account is its own; where it has none, that of the options stays what messages are from and to. */
static int take_address(const ServiceSettings *common, ServiceSettings *defaults, Settings *settings) {
        settings->address = TAKE_PTR(defaults->address);
        if (settings->address || !common->address)
                return 0;
        defaults->address = strdup(common->address);
        return defaults->address ? 0 : -ENOMEM;
}

static int read_account(sd_bus_message *call, const ServiceSettings *common, size_t number, Settings *settings,
                        sd_bus_error *error) {
        ServiceSettings defaults __attribute__((cleanup(service_settings_done)));
        _cleanup_free_ char *text = NULL;

        service_settings_init(&defaults);
        int r = service_settings_copy(common, &defaults);
        if (r < 0)
                return fail(number, r, NULL, error);
        free(TAKE_PTR(defaults.address));
        Reader reader = { .message = call, .place = OPTION_PLACE_ACCOUNT, .account = number, .settings = settings,
                          .service = &defaults };
        r = sd_bus_message_enter_container(call, 'a', "{sv}");
        if (r >= 0)
                r = bus_read_entries(&reader, error);
        if (r < 0)
                return sd_bus_error_is_set(error) ? r : fail(number, r, NULL, error);
        r = take_address(common, &defaults, settings);
        if (r < 0)
                return fail(number, r, NULL, error);
        r = find_services(call, &defaults, number, settings, error);
        if (r < 0)
                return r;
        if (settings->n_services == 0 && (r = service_settings_copy(&defaults, &settings->model)) < 0)
                return fail(number, r, NULL, error);
        r = sd_bus_message_exit_container(call);
        if (r >= 0)
                r = settings_validate(settings, &text);
        if (r >= 0)
                r = settings_fill_in(settings);
        return r < 0 ? fail(number, r, text, error) : 0;
}

static int read_list(sd_bus_message *call, const Settings *run, const ServiceSettings *common, JobRequest *request,
                     sd_bus_error *error) {
        Settings *settings;
        int r = sd_bus_message_enter_container(call, 'a', "a{sv}");

        while (r >= 0 && (r = sd_bus_message_at_end(call, false)) == 0) {
                r = job_request_add(request, &settings);
                if (r == -E2BIG)
                        return bus_error_from(error, r, "accounts: more than 64 are given");
                if (r >= 0)
                        r = settings_copy_run(run, settings);
                if (r < 0)
                        break;
                r = read_account(call, common, request->n_accounts, settings, error);
                if (r < 0)
                        return r;
        }
        if (r >= 0)
                r = sd_bus_message_exit_container(call);
        return r < 0 ? bus_error_from(error, r, NULL) : 0;
}

/* What is given for all comes first. */
static int read_all(sd_bus_message *call, Settings *run, ServiceSettings *common, JobRequest *request,
                    sd_bus_error *error) {
        Reader reader = { .message = call, .place = OPTION_PLACE_CHECK, .settings = run, .service = common };

        int r = sd_bus_message_skip(call, "aa{sv}");
        if (r < 0)
                return bus_error_from(error, r, NULL);
        r = bus_read_dictionary(&reader, error);
        if (r < 0)
                return r;
        r = sd_bus_message_rewind(call, true);
        if (r < 0)
                return bus_error_from(error, r, NULL);
        return read_list(call, run, common, request, error);
}

int bus_read_accounts(sd_bus_message *call, JobRequest *request, sd_bus_error *error) {
        ServiceSettings common __attribute__((cleanup(service_settings_done)));
        Settings run __attribute__((cleanup(settings_done)));
        _cleanup_free_ char *text = NULL;

        service_settings_init(&common);
        settings_init(&run);
        request->is_list = true;
        int r = read_all(call, &run, &common, request, error);
        if (r < 0)
                return r;
        if (request->n_accounts == 0)
                return bus_error_from(error, -EINVAL, "accounts: none is given");
        r = settings_validate_all(request->accounts, request->n_accounts, &text);
        return r < 0 ? bus_error_from(error, r, text) : 0;
}
