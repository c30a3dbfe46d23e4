/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the reader of a source says, as one line of text:
 * "work: smtp host=h:2 port=25:assumed …; !5 fault". */

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "source.h"

typedef struct SeenSource {
        char text[4096];
} SeenSource;

static inline void seen_source_add(SeenSource *seen, const char *text) {
        size_t used = strlen(seen->text);
        snprintf(seen->text + used, sizeof(seen->text) - used, "%s%s", used > 0 && *text != ' ' ? "; " : "", text);
}

static inline void seen_source_value(SeenSource *seen, const char *name, const AccountValue *value) {
        char text[512];
        if (!value->text)
                return;
        if (value->assumed)
                snprintf(text, sizeof(text), " %s=%s:assumed", name, value->text);
        else
                snprintf(text, sizeof(text), " %s=%s:%u:%s", name, value->text, value->line, account_value_key(value));
        seen_source_add(seen, text);
}

static inline int seen_source_account(void *userdata, Account *account) {
        SeenSource *seen = userdata;
        char text[256];

        snprintf(text, sizeof(text), "%s: %s", account->name.text, account->services[0].protocol);
        seen_source_add(seen, text);
        ck_assert_uint_eq(account->n_services, 1);
        ck_assert_ptr_null(account_id_fault(account->id));
        for (size_t i = 0; i < _SERVICE_FIELD_MAX; i++)
                seen_source_value(seen, service_field_name(i), &account->services[0].values[i]);
        seen_source_value(seen, "from", &account->address);
        account_free(account);
        return 0;
}

static inline int seen_source_fault(void *userdata, const char *path, unsigned line, const char *text) {
        char whole[256];
        snprintf(whole, sizeof(whole), "!%u %s", line, text);
        seen_source_add(userdata, whole);
        return 0;
}

static inline void seen_source_read(int (*parse)(const char *path, const char *text, size_t size, const SourceSink *sink),
                                    const char *text, SeenSource *ret) {
        const SourceSink sink = { seen_source_account, seen_source_fault, ret };
        *ret->text = '\0';
        ck_assert_int_eq(parse("/x", text, strlen(text), &sink), 0);
}
