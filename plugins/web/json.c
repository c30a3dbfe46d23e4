/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "json.h"

int json_refuse(JsonFault *fault, const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(fault->what, sizeof(fault->what), format, arguments);
        va_end(arguments);
        return -EBADMSG;
}

int json_read(const char *bytes, size_t size, json_t **ret, JsonFault *ret_fault) {
        json_error_t error;

        *ret_fault = (JsonFault) { 0 };
        if (size == 0)
                return json_refuse(ret_fault, "it is empty");
        json_t *document = json_loadb(bytes, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
        if (!document) {
                ret_fault->line = error.line > 0 ? (unsigned long) error.line : 0;
                return json_refuse(ret_fault, "%s", error.text);
        }
        if (!json_is_object(document)) {
                json_decref(document);
                return json_refuse(ret_fault, "it is no object");
        }
        *ret = document;
        return 0;
}

static const char *type_name(json_type type) {
        static const char *const names[] = {
                [JSON_OBJECT] = "object", [JSON_ARRAY] = "list", [JSON_STRING] = "text", [JSON_INTEGER] = "number",
                [JSON_REAL] = "number", [JSON_TRUE] = "truth value", [JSON_FALSE] = "truth value", [JSON_NULL] = "null",
        };
        return names[type];
}

/* JSON_TRUE stands for both truth values. */
static json_type kind_of(const json_t *value) {
        return json_is_false(value) ? JSON_TRUE : json_typeof(value);
}

int json_member(const json_t *object, const char *path, const char *key, json_type type, const json_t **ret, JsonFault *fault) {
        const json_t *value = json_object_get(object, key);

        *ret = NULL;
        if (!value || json_is_null(value))
                return 0;
        if (kind_of(value) != type)
                return json_refuse(fault, "\"%s%s%s\" is no %s", path, *path ? "." : "", key, type_name(type));
        *ret = value;
        return 0;
}

int json_text(const json_t *object, const char *path, const char *key, const char **ret, JsonFault *fault) {
        const json_t *value;

        *ret = NULL;
        int r = json_member(object, path, key, JSON_STRING, &value, fault);
        if (r == 0 && value && json_string_length(value) > 0)
                *ret = json_string_value(value);
        return r;
}
