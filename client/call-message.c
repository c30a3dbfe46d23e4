/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Settings into messages, messages into JSON. */

#include <errno.h>
#include <string.h>

#include "call-private.h"

/* ---- out ---- */

static int append_text(sd_bus_message *message, const char *key, const char *value) {
        return value ? sd_bus_message_append(message, "{sv}", key, "s", value) : 0;
}

static int append_texts(sd_bus_message *message, const Settings *settings) {
        const struct {
                const char *key;
                const char *value;
        } texts[] = {
                { "depth", settings->depth },
                { "username", settings->user },
                { "connect-to", settings->connect_to },
                { "tls-name", settings->tls_name },
        };
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
                int r = append_text(message, texts[i].key, texts[i].value);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int append_fds(sd_bus_message *message, const int fds[static _CALL_FD_MAX]) {
        static const char *const keys[] = {
                [CALL_FD_PASSWORD] = "password-fd",
                [CALL_FD_TOKEN] = "oauth2-token-fd",
                [CALL_FD_CA] = "ca-fd",
                [CALL_FD_CLIENT_CERT] = "client-cert-fd",
                [CALL_FD_CLIENT_KEY] = "client-key-fd",
        };
        for (size_t i = 0; i < _CALL_FD_MAX; i++) {
                int r = fds[i] >= 0 ? sd_bus_message_append(message, "{sv}", keys[i], "h", fds[i]) : 0;
                if (r < 0)
                        return r;
        }
        return 0;
}

static int append_mechanisms(sd_bus_message *message, char **mechanisms) {
        int r = sd_bus_message_open_container(message, 'e', "sv");
        if (r >= 0)
                r = sd_bus_message_append(message, "s", "auth");
        if (r >= 0)
                r = sd_bus_message_open_container(message, 'v', "as");
        if (r >= 0)
                r = sd_bus_message_append_strv(message, mechanisms);
        if (r >= 0)
                r = sd_bus_message_close_container(message);
        if (r >= 0)
                r = sd_bus_message_close_container(message);
        return r;
}

int call_append_options(sd_bus_message *message, const Settings *settings, const int fds[static _CALL_FD_MAX]) {
        int r = sd_bus_message_open_container(message, 'a', "{sv}");
        if (r >= 0)
                r = append_texts(message, settings);
        if (r >= 0 && settings->timeout_ms > 0)
                r = sd_bus_message_append(message, "{sv}", "timeout-ms", "u", settings->timeout_ms);
        if (r >= 0 && settings->allow_cleartext_login)
                r = sd_bus_message_append(message, "{sv}", "allow-cleartext-login", "b", true);
        if (r >= 0 && settings->offline)
                r = sd_bus_message_append(message, "{sv}", "offline", "b", true);
        if (r >= 0 && settings->no_probe)
                r = sd_bus_message_append(message, "{sv}", "no-probe", "b", true);
        if (r >= 0 && settings->ignore_login_budget)
                r = sd_bus_message_append(message, "{sv}", "ignore-login-budget", "b", true);
        if (r >= 0 && settings->thorough)
                r = sd_bus_message_append(message, "{sv}", "thorough", "b", true);
        if (r >= 0 && settings->mechanisms)
                r = append_mechanisms(message, settings->mechanisms);
        if (r >= 0)
                r = append_fds(message, fds);
        if (r >= 0)
                r = sd_bus_message_close_container(message);
        return r;
}

static int append_service(sd_bus_message *message, const Service *service, const char *security) {
        int r = sd_bus_message_open_container(message, 'a', "{sv}");
        if (r >= 0)
                r = append_text(message, "protocol", service->protocol);
        if (r >= 0)
                r = append_text(message, "host", service->host);
        if (r >= 0 && service->port > 0)
                r = sd_bus_message_append(message, "{sv}", "port", "q", service->port);
        if (r >= 0)
                r = append_text(message, "security", service->security ?: security);
        if (r >= 0)
                r = sd_bus_message_close_container(message);
        return r;
}

int call_append_services(sd_bus_message *message, const Settings *settings) {
        int r = sd_bus_message_open_container(message, 'a', "a{sv}");
        for (size_t i = 0; r >= 0 && i < settings->n_services; i++)
                r = append_service(message, &settings->services[i], settings->security);
        if (r >= 0)
                r = sd_bus_message_close_container(message);
        return r;
}

/* ---- in ---- */

static int read_basic(sd_bus_message *message, char type, json_t **ret) {
        union {
                const char *text;
                uint64_t t;
                int64_t x;
                uint32_t u;
                int32_t i;
                uint16_t q;
                int b;
        } value = {};
        int r = sd_bus_message_read_basic(message, type, &value);
        if (r < 0)
                return r;

        json_t *json = NULL;
        switch (type) {
        case 's':
        case 'o':
                json = json_string(value.text);
                break;
        case 'b':
                json = json_boolean(value.b);
                break;
        case 'q':
                json = json_integer(value.q);
                break;
        case 'i':
                json = json_integer(value.i);
                break;
        case 'u':
                json = json_integer(value.u);
                break;
        case 't':
                json = json_integer((json_int_t) value.t);
                break;
        case 'x':
                json = json_integer(value.x);
                break;
        }
        if (!json)
                return -ENOMEM;
        *ret = json;
        return 0;
}

static int read_list(sd_bus_message *message, json_t *list) {
        int r;
        while ((r = sd_bus_message_at_end(message, false)) == 0) {
                json_t *item;
                r = call_read_value(message, &item);
                if (r < 0)
                        return r;
                if (json_array_append_new(list, item) < 0)
                        return -ENOMEM;
        }
        return r;
}

static int read_dictionary(sd_bus_message *message, const char *contents, json_t *object) {
        /* Contents are "{sv}": the signature of an entry is what stands inside. */
        char inside[256] = "";
        if (strlen(contents) >= sizeof(inside) + 2)
                return -EBADMSG;
        memcpy(inside, contents + 1, strlen(contents) - 2);

        int r;
        while ((r = sd_bus_message_enter_container(message, 'e', inside)) > 0) {
                const char *key;
                json_t *value;
                char type;
                r = sd_bus_message_peek_type(message, &type, NULL);
                if (r >= 0)
                        r = type == 's' || type == 'o' ? sd_bus_message_read_basic(message, type, &key) : -EBADMSG;
                if (r >= 0)
                        r = call_read_value(message, &value);
                if (r < 0)
                        return r;
                if (json_object_set_new(object, key, value) < 0)
                        return -ENOMEM;
                r = sd_bus_message_exit_container(message);
                if (r < 0)
                        return r;
        }
        return r;
}

static int read_array(sd_bus_message *message, const char *contents, json_t **ret) {
        bool dictionary = contents[0] == '{';
        json_t *json = dictionary ? json_object() : json_array();
        if (!json)
                return -ENOMEM;

        int r = sd_bus_message_enter_container(message, 'a', contents);
        if (r >= 0)
                r = dictionary ? read_dictionary(message, contents, json) : read_list(message, json);
        if (r >= 0)
                r = sd_bus_message_exit_container(message);
        if (r < 0) {
                json_decref(json);
                return r;
        }
        *ret = json;
        return 0;
}

static int read_variant(sd_bus_message *message, const char *contents, json_t **ret) {
        json_t *json;
        int r = sd_bus_message_enter_container(message, 'v', contents);
        if (r < 0)
                return r;
        r = call_read_value(message, &json);
        if (r < 0)
                return r;
        r = sd_bus_message_exit_container(message);
        if (r < 0) {
                json_decref(json);
                return r;
        }
        *ret = json;
        return 0;
}

int call_read_value(sd_bus_message *message, json_t **ret) {
        const char *contents;
        char type;
        int r = sd_bus_message_peek_type(message, &type, &contents);
        if (r <= 0)
                return r < 0 ? r : -EBADMSG;
        if (type == 'a')
                return read_array(message, contents, ret);
        if (type == 'v')
                return read_variant(message, contents, ret);
        return strchr("sobqiutx", type) ? read_basic(message, type, ret) : -EBADMSG;
}
