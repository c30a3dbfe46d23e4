/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A list of accounts into a message: the keys are those of the interface, and say of which type a number is. */

#include <errno.h>
#include <string.h>

#include "call-private.h"

static bool is_descriptor(const char *key) {
        size_t length = strlen(key);
        return length > 3 && !strcmp(key + length - 3, "-fd");
}

static int append_texts(sd_bus_message *message, const json_t *list) {
        size_t i;
        json_t *item;
        int r = sd_bus_message_open_container(message, 'a', "s");

        json_array_foreach((json_t *) list, i, item)
                if (r >= 0)
                        r = sd_bus_message_append(message, "s", json_string_value(item));
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_dictionaries(sd_bus_message *message, const json_t *list);

/* The value of an entry, in a variant. */
static int append_list(sd_bus_message *message, const char *key, const json_t *list) {
        bool services = !strcmp(key, "services");
        int r = sd_bus_message_open_container(message, 'v', services ? "aa{sv}" : "as");
        if (r >= 0)
                r = services ? append_dictionaries(message, list) : append_texts(message, list);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_value(sd_bus_message *message, const char *key, const json_t *value) {
        if (json_is_string(value))
                return sd_bus_message_append(message, "v", "s", json_string_value(value));
        if (json_is_boolean(value))
                return sd_bus_message_append(message, "v", "b", json_is_true(value));
        if (json_is_integer(value))
                return sd_bus_message_append(message, "v", is_descriptor(key) ? "h" : "q",
                                             (int) json_integer_value(value));
        return json_is_array(value) ? append_list(message, key, value) : -EINVAL;
}

static int append_dictionary(sd_bus_message *message, const json_t *object) {
        const char *key;
        json_t *value;
        int r = sd_bus_message_open_container(message, 'a', "{sv}");

        json_object_foreach((json_t *) object, key, value) {
                if (r >= 0)
                        r = sd_bus_message_open_container(message, 'e', "sv");
                if (r >= 0)
                        r = sd_bus_message_append(message, "s", key);
                if (r >= 0)
                        r = append_value(message, key, value);
                if (r >= 0)
                        r = sd_bus_message_close_container(message);
        }
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_dictionaries(sd_bus_message *message, const json_t *list) {
        size_t i;
        json_t *item;
        int r = sd_bus_message_open_container(message, 'a', "a{sv}");

        json_array_foreach((json_t *) list, i, item)
                if (r >= 0)
                        r = append_dictionary(message, item);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

int call_append_accounts(sd_bus_message *message, const json_t *accounts) {
        return append_dictionaries(message, accounts);
}
