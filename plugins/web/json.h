/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* JSON from strangers: a document is an object, and what is wrong with it is named with its place.  No I/O. */

#include <jansson.h>
#include <stddef.h>

typedef struct JsonFault {
        char what[160];
        unsigned long line;             /* 0: none in particular */
} JsonFault;

/* Names a fault; -EBADMSG. */
int json_refuse(JsonFault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Reads an object.  Returns 0, -EBADMSG with the fault; json_decref() releases it. */
int json_read(const char *bytes, size_t size, json_t **ret, JsonFault *ret_fault);

/* The member of an object: 0, also when it is not there (*ret is NULL then); -EBADMSG when it is of another type.  `path` is the
 * name of the object for the fault, "" for the document. */
int json_member(const json_t *object, const char *path, const char *key, json_type type, const json_t **ret, JsonFault *fault);
/* A text; *ret is NULL when it is not there or empty, and the object's otherwise. */
int json_text(const json_t *object, const char *path, const char *key, const char **ret, JsonFault *fault);
