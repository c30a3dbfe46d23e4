/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Reads what to check out of a message.
 *
 * Every key is judged before its value is read, so that nothing of what is refused is ever looked at, however deep or
 * large it is.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bus-reader.h"
#include "own.h"

/* "account 2: service 1: …", as far as there are such. */
static int fail(const Reader *reader, int r, const char *text, sd_bus_error *error) {
        _cleanup_free_ char *placed = NULL;
        char account[32] = "", service[32] = "";

        if (reader->account > 0)
                snprintf(account, sizeof(account), "account %zu: ", reader->account);
        if (reader->number > 0)
                snprintf(service, sizeof(service), "service %zu: ", reader->number);
        if (text && asprintf(&placed, "%s%s%s", account, service, text) < 0)
                placed = NULL;
        return bus_error_from(error, r, placed ? placed : text);
}

/* ---- values ---- */

static int read_list(sd_bus_message *message, char ***ret) {
        return sd_bus_message_read_strv(message, ret);
}

static void list_free(char **list) {
        for (size_t i = 0; list && list[i]; i++)
                free(list[i]);
        free(list);
}

static int apply_list(Reader *reader, const Option *option, char **ret_text) {
        char **list = NULL;
        int r = read_list(reader->message, &list);
        if (r >= 0) {
                static const char *const empty[] = { NULL };
                const OptionValue value = { .list = list ? (const char *const *) list : empty };
                r = option_apply(option, &value, reader->settings, reader->service, ret_text);
        }
        list_free(list);
        return r;
}

static int apply_basic(Reader *reader, const Option *option, char **ret_text) {
        union {
                const char *text;
                uint32_t u;
                uint16_t q;
                int b, h;
        } raw;
        char type = option_type(option)[0];
        OptionValue value;

        int r = sd_bus_message_read_basic(reader->message, type, &raw);
        if (r < 0)
                return r;
        switch (type) {
        case 's':
                value.text = raw.text;
                break;
        case 'u':
                value.number = raw.u;
                break;
        case 'q':
                value.number = raw.q;
                break;
        case 'b':
                value.truth = raw.b;
                break;
        case 'h':
                value.fd = raw.h;
                break;
        }
        return option_apply(option, &value, reader->settings, reader->service, ret_text);
}

/* ---- dictionaries ---- */

/* The services of an account are read when all that they start from is known. */
static int pass_over_services(Reader *reader, const char *signature, sd_bus_error *error) {
        if (strcmp(signature, "aa{sv}"))
                return fail(reader, -EINVAL, "option 'services' must be of type aa{sv}", error);
        if (reader->has_services)
                return fail(reader, -EINVAL, "option 'services' is given twice", error);
        reader->has_services = true;
        int r = sd_bus_message_skip(reader->message, "v");
        return r < 0 ? fail(reader, r, NULL, error) : 0;
}

static int read_entry(Reader *reader, sd_bus_error *error) {
        _cleanup_free_ char *text = NULL;
        const char *key, *signature;
        const Option *option;
        char type;

        int r = sd_bus_message_read(reader->message, "s", &key);
        if (r >= 0)
                r = sd_bus_message_peek_type(reader->message, &type, &signature);
        if (r >= 0 && reader->place == OPTION_PLACE_ACCOUNT && !strcmp(key, "services"))
                return pass_over_services(reader, signature, error);
        if (r >= 0)
                r = option_find(reader->place, key, signature, &reader->seen, &option, &text);
        if (r >= 0)
                r = sd_bus_message_enter_container(reader->message, 'v', option_type(option));
        if (r >= 0)
                r = option_type(option)[0] == 'a' ? apply_list(reader, option, &text) :
                                                    apply_basic(reader, option, &text);
        if (r >= 0)
                r = sd_bus_message_exit_container(reader->message);
        return r < 0 ? fail(reader, r, text, error) : 0;
}

int bus_read_entries(Reader *reader, sd_bus_error *error) {
        int r = 0;
        while (r >= 0 && (r = sd_bus_message_enter_container(reader->message, 'e', "sv")) > 0) {
                r = read_entry(reader, error);
                if (r < 0)
                        return r;
                r = sd_bus_message_exit_container(reader->message);
        }
        return r < 0 ? fail(reader, r, NULL, error) : 0;
}

int bus_read_dictionary(Reader *reader, sd_bus_error *error) {
        int r = sd_bus_message_enter_container(reader->message, 'a', "{sv}");
        if (r >= 0) {
                r = bus_read_entries(reader, error);
                if (r < 0)
                        return r;
                r = sd_bus_message_exit_container(reader->message);
        }
        return r < 0 ? fail(reader, r, NULL, error) : 0;
}

int bus_read_services(sd_bus_message *call, const ServiceSettings *defaults, size_t account, Settings *settings,
                      sd_bus_error *error) {
        Reader reader = { .message = call, .place = OPTION_PLACE_SERVICE, .account = account, .settings = settings };
        int r = sd_bus_message_enter_container(call, 'a', "a{sv}");

        while (r >= 0 && (r = sd_bus_message_at_end(call, false)) == 0) {
                r = settings_add_service(settings, defaults, &reader.service);
                if (r < 0)
                        break;
                reader.number = settings->n_services;
                reader.seen = (OptionsSeen) { 0 };
                r = bus_read_dictionary(&reader, error);
                if (r < 0)
                        return r;
        }
        if (r >= 0)
                r = sd_bus_message_exit_container(call);
        reader.number = 0;
        return r == -E2BIG ? fail(&reader, r, "services: more than 16 are given", error) :
               r < 0 ? fail(&reader, r, NULL, error) : 0;
}

/* ---- methods ---- */

static int finish(Settings *settings, sd_bus_error *error) {
        _cleanup_free_ char *text = NULL;
        int r = settings_validate(settings, &text);
        if (r >= 0)
                r = settings_fill_in(settings);
        return r < 0 ? bus_error_from(error, r, text) : 0;
}

static int read_server(sd_bus_message *call, Settings *settings, sd_bus_error *error) {
        _cleanup_free_ char *text = NULL;
        const char *protocol, *host, *security;
        ServiceSettings *service;
        uint16_t port;

        int r = settings_add_service(settings, NULL, &service);
        if (r >= 0)
                r = sd_bus_message_read(call, "ssqs", &protocol, &host, &port, &security);
        if (r >= 0)
                r = option_apply_argument("protocol", &(OptionValue) { .text = protocol }, service, &text);
        if (r >= 0)
                r = option_apply_argument("host", &(OptionValue) { .text = host }, service, &text);
        if (r >= 0)
                r = option_apply_argument("security", &(OptionValue) { .text = security }, service, &text);
        if (r < 0)
                return bus_error_from(error, r, text);
        service->port = port;

        Reader reader = { .message = call, .place = OPTION_PLACE_CHECK, .settings = settings, .service = service };
        r = bus_read_dictionary(&reader, error);
        return r < 0 ? r : finish(settings, error);
}

/* The options come last in the message, but are what the services start from. */
static int read_settings(sd_bus_message *call, Settings *settings, sd_bus_error *error) {
        ServiceSettings defaults __attribute__((cleanup(service_settings_done)));
        const char *address;

        service_settings_init(&defaults);
        int r = sd_bus_message_read(call, "s", &address);
        if (r >= 0)
                r = sd_bus_message_skip(call, "aa{sv}");
        if (r < 0)
                return bus_error_from(error, r, NULL);
        if (*address && !(settings->address = strdup(address)))
                return bus_error_from(error, -ENOMEM, NULL);
        Reader reader = { .message = call, .place = OPTION_PLACE_CHECK, .settings = settings, .service = &defaults };
        r = bus_read_dictionary(&reader, error);
        if (r < 0)
                return r;

        r = sd_bus_message_rewind(call, true);
        if (r >= 0)
                r = sd_bus_message_skip(call, "s");
        if (r < 0)
                return bus_error_from(error, r, NULL);
        r = bus_read_services(call, &defaults, 0, settings, error);
        if (r >= 0 && settings->n_services == 0 && (r = service_settings_copy(&defaults, &settings->model)) < 0)
                return bus_error_from(error, r, NULL);
        return r < 0 ? r : finish(settings, error);
}

static int read_one(sd_bus_message *call, int (*read)(sd_bus_message *call, Settings *settings, sd_bus_error *error),
                    JobRequest *request, sd_bus_error *error) {
        Settings *settings;
        int r = job_request_add(request, &settings);
        return r < 0 ? bus_error_from(error, r, NULL) : read(call, settings, error);
}

int bus_read_server(sd_bus_message *call, JobRequest *request, sd_bus_error *error) {
        return read_one(call, read_server, request, error);
}

int bus_read_settings(sd_bus_message *call, JobRequest *request, sd_bus_error *error) {
        return read_one(call, read_settings, request, error);
}
