/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A table speaks of the provider of an address; the servers of the settings may be somebody else's. */

#include <string.h>

#include "match.h"
#include "precondition.h"
#include "text.h"

/* A host that the table names for the provider, or one of the same owner. */
static bool is_of_provider(const ProbeLog *log, const char *host) {
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "candidate"));)
                if (hosts_are_related(md_record_text(record, "host"), host))
                        return true;
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "provider"));) {
                const char *evidence = md_record_text(record, "evidence");
                if (!strcmp(md_record_text(record, "by"), "host") && evidence && md_word_equal(evidence, host))
                        return true;
        }
        return false;
}

static bool concerns(const MdRecord *record, const char *protocol) {
        const char *only = md_record_text(record, "protocol");
        return !only || !strcmp(only, protocol);
}

/* The same fact is told again when a table is asked again. */
static bool was_told(const Report *report, size_t log, const MdRecord *record) {
        for (size_t i = 0; i < log; i++)
                for (const MdRecord *other = NULL; (other = probe_log_next(report->logs[i], other, "precondition"));)
                        if (!strcmp(md_record_text(other, "kind"), md_record_text(record, "kind")) &&
                            texts_equal(md_record_text(other, "protocol"), md_record_text(record, "protocol")) &&
                            texts_equal(md_record_text(other, "text"), md_record_text(record, "text")))
                                return true;
        return false;
}

const MdRecord *precondition_next(const Report *report, const MdRecord *after, const char *protocol, const char *host) {
        bool passed = !after;

        for (size_t i = 0; i < report->n_logs; i++)
                for (const MdRecord *record = NULL;
                     (record = probe_log_next(report->logs[i], record, "precondition"));) {
                        if (passed && (!protocol || concerns(record, protocol)) &&
                            (!host || is_of_provider(report->logs[i], host)) && !was_told(report, i, record))
                                return record;
                        passed = passed || record == after;
                }
        return NULL;
}

const MdRecord *precondition_find(const Report *report, const char *kind, const char *protocol, const char *host) {
        const MdRecord *record = NULL;
        while ((record = precondition_next(report, record, protocol, host)))
                if (!strcmp(md_record_text(record, "kind"), kind))
                        return record;
        return NULL;
}

bool login_is_wasted(const Report *report, const ProbeLog *log, Denial *ret) {
        if (log->target.oauth_token || !precondition_find(report, "oauth-only", log->target.plugin, log->target.host))
                return false;
        *ret = (Denial) { .reason = DENIAL_PROVIDER };
        return true;
}

const char *provider_name(const Report *report) {
        for (size_t i = 0; i < report->n_logs; i++) {
                const MdRecord *record = probe_log_next(report->logs[i], NULL, "provider");
                if (record)
                        return md_record_text(record, "name");
        }
        return NULL;
}
