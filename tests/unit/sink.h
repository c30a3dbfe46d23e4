/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A sink that keeps what a probe says, and the questions that tests ask about it. */

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "produced.h"
#include "record.h"
#include "run.h"

#define SINK_MAX 1024

typedef struct Sink {
        MdRecord records[SINK_MAX];
        size_t n;
        size_t closes_after;            /* the daemon is gone after so many records; 0: never */
} Sink;

static inline int sink_emit(void *userdata, const MdRecord *record) {
        Sink *sink = userdata;
        char buffer[MD_RECORD_MAX];

        if (sink->closes_after > 0 && sink->n >= sink->closes_after)
                return -EPIPE;
        ck_assert_uint_lt(sink->n, SINK_MAX);
        int size = md_record_encode(record, buffer, sizeof(buffer));
        ck_assert_int_gt(size, 0);
        ck_assert_int_eq(md_record_decode(buffer, (size_t) size, &sink->records[sink->n++]), 0);
        if (!strcmp(record->kind, "finding"))
                produced_note("unit", program_invocation_short_name, md_record_text(record, "code"));
        return 0;
}

static inline void sink_done(Sink *sink) {
        for (size_t i = 0; i < sink->n; i++)
                md_record_done(&sink->records[i]);
        sink->n = 0;
}

/* The first record of a kind whose text field has that value; key NULL: any of the kind. */
static inline const MdRecord *sink_find(const Sink *sink, const char *kind, const char *key,
                                        const char *value) {
        for (size_t i = 0; i < sink->n; i++) {
                const MdRecord *record = &sink->records[i];
                const char *text = key ? md_record_text(record, key) : NULL;
                if (!strcmp(record->kind, kind) && (!key || (text && !strcmp(text, value))))
                        return record;
        }
        return NULL;
}

static inline size_t sink_count(const Sink *sink, const char *kind) {
        size_t n = 0;
        for (size_t i = 0; i < sink->n; i++)
                n += !strcmp(sink->records[i].kind, kind);
        return n;
}

static inline const MdRecord *sink_finding(const Sink *sink, const char *code) {
        return sink_find(sink, "finding", "code", code);
}

/* Whether any text of any record holds those bytes. */
static inline bool sink_holds(const Sink *sink, const char *text) {
        for (size_t i = 0; i < sink->n; i++)
                for (size_t k = 0; k < sink->records[i].n_fields; k++) {
                        const MdField *field = &sink->records[i].fields[k];
                        if (field->type == 's' && strstr(field->text, text))
                                return true;
                        for (size_t j = 0; field->type == 'l' && field->list[j]; j++)
                                if (strstr(field->list[j], text))
                                        return true;
                }
        return false;
}
