/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The messages of OAUTHBEARER and XOAUTH2, and the JSON that explains a refusal. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "sasl-oauth.h"

#define ERROR_MAX 8192          /* bytes of JSON; real ones have about a hundred */

/* "," and "=" are written as =2C and =3D (RFC 5801 section 4). */
static char *saslname(const char *name) {
        char *escaped = malloc(strlen(name) * 3 + 1), *to = escaped;
        for (; escaped && *name; name++)
                if (*name == ',' || *name == '=')
                        to = stpcpy(to, *name == ',' ? "=2C" : "=3D");
                else
                        *to++ = *name;
        if (escaped)
                *to = '\0';
        return escaped;
}

int md_oauth_message(bool bearer, const char *username, const char *host, uint16_t port, char **ret_before,
                     const char **ret_after) {
        char *name = bearer ? saslname(username) : strdup(username), *before;
        if (!name)
                return -ENOMEM;
        int n = bearer ? asprintf(&before, "n,a=%s,\001host=%s\001port=%u\001auth=Bearer ", name, host, port)
                       : asprintf(&before, "user=%s\001auth=Bearer ", name);
        free(name);
        if (n < 0)
                return -ENOMEM;
        *ret_before = before;
        *ret_after = "\001\001";
        return 0;
}

static void copy_text(const json_t *object, const char *key, char *ret, size_t size) {
        const json_t *value = json_object_get(object, key);
        if (json_is_string(value))
                snprintf(ret, size, "%s", json_string_value(value));
        else if (json_is_integer(value))
                snprintf(ret, size, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
}

void md_oauth_read_error(const char *challenge, size_t size, MdOauthError *ret) {
        *ret = (MdOauthError) { .seen = true, .status = "unreadable" };

        json_t *object = size <= ERROR_MAX ? json_loadb(challenge, size, 0, NULL) : NULL;
        copy_text(object, "status", ret->status, sizeof(ret->status));
        copy_text(object, "scope", ret->scope, sizeof(ret->scope));
        copy_text(object, "schemes", ret->schemes, sizeof(ret->schemes));
        json_decref(object);
}

const char *md_oauth_dummy_response(bool bearer) {
        return bearer ? "\001" : "";
}
