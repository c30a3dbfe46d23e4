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

#include "bus-private.h"
#include "own.h"

typedef struct Reader {
        sd_bus_message *message;
        OptionPlace place;
        size_t number;                  /* of the service, from 1; 0: the options of the check */
        OptionsSeen seen;
        Settings *settings;
        ServiceSettings *service;
} Reader;

static int fail(const Reader *reader, int r, const char *text, sd_bus_error *error) {
        _cleanup_free_ char *placed = NULL;

        if (text && reader->number > 0 && asprintf(&placed, "service %zu: %s", reader->number, text) < 0)
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

static int read_entry(Reader *reader, sd_bus_error *error) {
        _cleanup_free_ char *text = NULL;
        const char *key, *signature;
        const Option *option;
        char type;

        int r = sd_bus_message_read(reader->message, "s", &key);
        if (r >= 0)
                r = sd_bus_message_peek_type(reader->message, &type, &signature);
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

static int read_dictionary(Reader *reader, sd_bus_error *error) {
        int r = sd_bus_message_enter_container(reader->message, 'a', "{sv}");
        while (r >= 0 && (r = sd_bus_message_enter_container(reader->message, 'e', "sv")) > 0) {
                r = read_entry(reader, error);
                if (r < 0)
                        return r;
                r = sd_bus_message_exit_container(reader->message);
        }
        if (r >= 0)
                r = sd_bus_message_exit_container(reader->message);
        return r < 0 ? fail(reader, r, NULL, error) : 0;
}

static int read_services(sd_bus_message *call, const ServiceSettings *defaults, Settings *settings, sd_bus_error *error) {
        int r = sd_bus_message_enter_container(call, 'a', "a{sv}");
        while (r >= 0 && (r = sd_bus_message_at_end(call, false)) == 0) {
                Reader reader = { .message = call, .place = OPTION_PLACE_SERVICE, .settings = settings,
                                  .number = settings->n_services + 1 };
                r = settings_add_service(settings, defaults, &reader.service);
                if (r < 0)
                        break;
                r = read_dictionary(&reader, error);
                if (r < 0)
                        return r;
        }
        if (r >= 0)
                r = sd_bus_message_exit_container(call);
        return r < 0 ? bus_error_from(error, r, NULL) : 0;
}

/* ---- methods ---- */

static int finish(Settings *settings, sd_bus_error *error) {
        _cleanup_free_ char *text = NULL;
        int r = settings_validate(settings, &text);
        if (r >= 0)
                r = settings_fill_in(settings);
        return r < 0 ? bus_error_from(error, r, text) : 0;
}

int bus_read_server(sd_bus_message *call, Settings *settings, sd_bus_error *error) {
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
        r = read_dictionary(&reader, error);
        return r < 0 ? r : finish(settings, error);
}

/* The options come last in the message, but are what the services start from. */
int bus_read_settings(sd_bus_message *call, Settings *settings, sd_bus_error *error) {
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
        r = read_dictionary(&reader, error);
        if (r < 0)
                return r;

        r = sd_bus_message_rewind(call, true);
        if (r >= 0)
                r = sd_bus_message_skip(call, "s");
        if (r < 0)
                return bus_error_from(error, r, NULL);
        r = read_services(call, &defaults, settings, error);
        return r < 0 ? r : finish(settings, error);
}
