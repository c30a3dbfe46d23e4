/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is read of Thunderbird's preferences, as text: "account1 name=Work:3; imap host=h:2 port=993:assumed …; !5 fault". */

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "accounts.h"
#include "prefs.h"

typedef struct SeenAccounts {
        char text[16384];
        size_t n, most;
} SeenAccounts;

static inline void seen_put(SeenAccounts *seen, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline void seen_put(SeenAccounts *seen, const char *format, ...) {
        size_t used = strlen(seen->text);
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(seen->text + used, sizeof(seen->text) - used, format, arguments);
        va_end(arguments);
}

static inline void seen_fault(void *userdata, unsigned file, unsigned line, const char *text) {
        SeenAccounts *seen = userdata;
        seen_put(seen, "%s!%s%u %s", *seen->text ? "; " : "", file ? "user:" : "", line, text);
}

static inline void seen_values(SeenAccounts *seen, const MdSourceValue *values, size_t n) {
        static const char *const names[] = {
                [MD_SOURCE_NAME] = "name", [MD_SOURCE_ADDRESS] = "address", [MD_SOURCE_HOST] = "host",
                [MD_SOURCE_PORT] = "port", [MD_SOURCE_SECURITY] = "security", [MD_SOURCE_USERNAME] = "username",
                [MD_SOURCE_AUTH] = "auth",
        };
        for (size_t i = 0; i < n; i++)
                if (values[i].assumed)
                        seen_put(seen, " %s=%s:assumed", names[values[i].field], values[i].text);
                else
                        seen_put(seen, " %s=%s:%s%u", names[values[i].field], values[i].text, values[i].file ? "user:" : "",
                                 values[i].line);
}

static inline bool seen_account(void *userdata, const MdSourceAccount *account) {
        SeenAccounts *seen = userdata;

        if (seen->most && seen->n == seen->most)
                return false;
        seen->n++;
        seen_put(seen, "%s%s", *seen->text ? "; " : "", account->key);
        seen_values(seen, account->values, account->n_values);
        for (size_t i = 0; i < account->n_services; i++) {
                seen_put(seen, "; %s", account->services[i].protocol);
                seen_values(seen, account->services[i].values, account->services[i].n_values);
        }
        return true;
}

/* prefs.js, and user.js over it; NULL: there is none. */
static inline void seen_read(const char *prefs_js, size_t size, const char *user_js, SeenAccounts *seen) {
        const FaultSink faults = { seen_fault, seen };
        const AccountsSink sink = { seen_account, seen };
        Prefs *prefs = prefs_new();

        *seen->text = '\0';
        seen->n = 0;
        ck_assert_ptr_nonnull(prefs);
        ck_assert_int_eq(prefs_read(prefs, 0, prefs_js, size, &faults), 0);
        if (user_js)
                ck_assert_int_eq(prefs_read(prefs, 1, user_js, strlen(user_js), &faults), 0);
        prefs_sort(prefs);
        ck_assert_int_eq(accounts_tell(prefs, &sink, &faults), 0);
        prefs_free(prefs);
}
