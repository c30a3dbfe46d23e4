/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is kept as JSON, as values of a message.  The documents are the daemon's own: objects are dictionaries, a list holds
 * either texts or objects. */

#include <errno.h>
#include <string.h>

#include "bus-private.h"

static int append_value(sd_bus_message *message, const char *key, const json_t *value);

int bus_append_object(sd_bus_message *message, const json_t *object) {
        const char *key;
        json_t *value;

        int r = sd_bus_message_open_container(message, 'a', "{sv}");
        json_object_foreach((json_t *) object, key, value)
                if (r >= 0)
                        r = append_value(message, key, value);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

int bus_append_objects(sd_bus_message *message, const json_t *list) {
        int r = sd_bus_message_open_container(message, 'a', "a{sv}");
        for (size_t i = 0; r >= 0 && i < json_array_size(list); i++)
                r = bus_append_object(message, json_array_get(list, i));
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_texts(sd_bus_message *message, const json_t *list) {
        int r = sd_bus_message_open_container(message, 'a', "s");
        for (size_t i = 0; r >= 0 && i < json_array_size(list); i++)
                r = sd_bus_message_append(message, "s", json_string_value(json_array_get(list, i)));
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_container(sd_bus_message *message, const char *key, const char *signature,
                            int (*append)(sd_bus_message *message, const json_t *value), const json_t *value) {
        int r = bus_open_variant(message, key, signature);
        if (r >= 0)
                r = append(message, value);
        return r < 0 ? r : bus_close_variant(message);
}

/* A port is a port wherever it stands. */
static int append_number(sd_bus_message *message, const char *key, json_int_t number) {
        if (!strcmp(key, "port"))
                return sd_bus_message_append(message, "{sv}", key, "q", (uint16_t) number);
        return sd_bus_message_append(message, "{sv}", key, "t", (uint64_t) number);
}

static int append_value(sd_bus_message *message, const char *key, const json_t *value) {
        switch (json_typeof(value)) {
        case JSON_STRING:
                return bus_append_text(message, key, json_string_value(value));
        case JSON_INTEGER:
                return append_number(message, key, json_integer_value(value));
        case JSON_TRUE:
        case JSON_FALSE:
                return bus_append_truth(message, key, json_is_true(value));
        case JSON_OBJECT:
                return append_container(message, key, "a{sv}", bus_append_object, value);
        case JSON_ARRAY:
                if (json_is_object(json_array_get(value, 0)))
                        return append_container(message, key, "aa{sv}", bus_append_objects, value);
                return append_container(message, key, "as", append_texts, value);
        case JSON_NULL:
                return 0;
        case JSON_REAL:
                break;
        }
        return -EINVAL;
}
