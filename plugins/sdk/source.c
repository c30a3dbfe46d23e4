/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a source plugin hands out: accounts, and what it could not understand.
 *
 * An account is a run of records, so that none of them can become too large: "account", its values, and then each
 * service with its values.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <maildiag/source.h>

#include "probe-state.h"
#include "source.h"

#define TEXT_MAX 1024u

static const char *const fields[] = {
        [MD_SOURCE_NAME] = "name",
        [MD_SOURCE_ADDRESS] = "address",
        [MD_SOURCE_HOST] = "host",
        [MD_SOURCE_PORT] = "port",
        [MD_SOURCE_SECURITY] = "security",
        [MD_SOURCE_USERNAME] = "username",
        [MD_SOURCE_AUTH] = "auth",
        [MD_SOURCE_SECRET] = "secret",
        [MD_SOURCE_TLS_NAME] = "tls-name",
        [MD_SOURCE_CONNECT_TO] = "connect-to",
};

#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))

bool md_source_tell(MdProbe *probe, const char *kind, const MdField *list) {
        if (++probe->n_source_records > MD_SOURCE_RECORDS_MAX) {
                probe->trouble = probe->trouble < 0 ? probe->trouble : -E2BIG;
                return false;
        }
        md_observe_fields(probe, kind, list);
        return probe->trouble == 0;
}

#define TELL(probe, kind, ...) md_source_tell((probe), (kind), (const MdField[]) { __VA_ARGS__, { 0 } })

/* ---- faults ---- */

static void tell_fault(MdProbe *probe, const char *path, unsigned line, const char *text) {
        TELL(probe, "fault", MD_TEXT("path", path), MD_NUMBER("line", line), MD_TEXT("text", text));
}

void md_source_fault(MdProbe *probe, const char *path, unsigned line, const char *format, ...) {
        char text[TEXT_MAX];
        va_list arguments;

        if (probe->n_source_faults >= MD_SOURCE_FAULTS_MAX)
                return;
        if (++probe->n_source_faults == MD_SOURCE_FAULTS_MAX) {
                tell_fault(probe, path, 0, "is not the last one with a fault: more are not listed");
                return;
        }
        va_start(arguments, format);
        vsnprintf(text, sizeof(text), format, arguments);
        va_end(arguments);
        tell_fault(probe, path, line, text);
}

/* ---- accounts ---- */

static size_t count(const char *const *list) {
        size_t n = 0;
        while (list && list[n])
                n++;
        return n;
}

static bool values_are_fine(const MdSourceValue *values, size_t n, size_t n_files) {
        for (size_t i = 0; i < n; i++)
                if (values[i].field >= N_FIELDS || !values[i].text || (!values[i].assumed && values[i].file >= n_files))
                        return false;
        return true;
}

static bool is_fine(const MdSourceAccount *account) {
        size_t n_files = count(account->files);

        if (!account->key || !*account->key || n_files == 0 || n_files > MD_SOURCE_FILES_MAX ||
            account->n_services > MD_SOURCE_SERVICES_MAX || !values_are_fine(account->values, account->n_values, n_files))
                return false;
        for (size_t i = 0; i < account->n_services; i++)
                if (!account->services[i].protocol ||
                    !values_are_fine(account->services[i].values, account->services[i].n_values, n_files))
                        return false;
        return true;
}

static void tell_values(MdProbe *probe, const MdSourceValue *values, size_t n) {
        for (size_t i = 0; i < n; i++)
                TELL(probe, "value",
                     MD_TEXT("field", fields[values[i].field]),
                     MD_TEXT("text", values[i].text),
                     MD_TEXT("key", values[i].key),
                     MD_NUMBER("file", values[i].assumed ? 0 : values[i].file),
                     MD_NUMBER("line", values[i].assumed ? 0 : values[i].line),
                     MD_TRUTH("assumed", values[i].assumed));
}

bool md_source_account(MdProbe *probe, const MdSourceAccount *account) {
        if (!is_fine(account) || probe->n_source_accounts == MD_SOURCE_ACCOUNTS_MAX)
                return false;
        probe->n_source_accounts++;
        size_t n = count(account->files);
        TELL(probe, "account",
             MD_TEXT("key", account->key),
             MD_TEXT("file", account->files[0]),
             MD_TEXT("file-2", n > 1 ? account->files[1] : NULL),
             MD_TEXT("file-3", n > 2 ? account->files[2] : NULL));
        tell_values(probe, account->values, account->n_values);
        for (size_t i = 0; i < account->n_services; i++) {
                TELL(probe, "service", MD_TEXT("protocol", account->services[i].protocol));
                tell_values(probe, account->services[i].values, account->services[i].n_values);
        }
        return probe->trouble == 0;
}
