/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The judge's question about names: does this computer find any?  A name that is not found says little, since it may be
 * mistyped, or a table may be out of date.  Several that a provider is known to have, and none that is found, say that
 * the name server is at fault, even where it says that they do not exist.
 */

#include <string.h>

#include "judge-private.h"
#include "judge-rules.h"
#include "match.h"
#include "text.h"

#define KNOWN_LEAST 2u                  /* so many known names must be missing */

bool log_is_nameless(const ProbeLog *log) {
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "finding"));)
                if (code_matches(md_record_text(record, "code"), "dns."))
                        return true;
        return false;
}

/* Addresses were found for the name of the target, which is not one itself. */
static bool has_addresses(const ProbeLog *log) {
        const MdRecord *attempt = probe_log_next(log, NULL, "attempt");
        return attempt && !md_word_equal(md_record_text(attempt, "address"), log->target.host);
}

static bool was_missed(const Report *report, const char *host) {
        for (size_t i = 0; i < report->n_logs; i++)
                if (md_word_equal(report->logs[i]->target.host, host) && log_is_nameless(report->logs[i]))
                        return true;
        return false;
}

/* The domain itself, when the table knows it and the name service does not. */
static bool domain_was_missed(const Report *report) {
        bool known = false, missed = false;
        for (size_t i = 0; i < report->n_logs; i++) {
                const MdRecord *provider = probe_log_next(report->logs[i], NULL, "provider");
                known = known || (provider && !strcmp(md_record_text(provider, "by"), "domain"));
                missed = missed || probe_log_found(report->logs[i], "dns.no-such-domain");
        }
        return known && missed;
}

typedef struct Missing {
        const char *first;
        size_t n;                       /* different names, the domain counted */
} Missing;

static void count_candidates(const Report *report, const ProbeLog *log, Missing *missing) {
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "candidate"));) {
                const char *host = md_record_text(record, "host");
                if (strcmp(md_record_text(record, "trust"), "table") || !was_missed(report, host) ||
                    (missing->first && md_word_equal(missing->first, host)))
                        continue;
                missing->first = missing->first ?: host;
                missing->n++;
        }
}

bool scene_known_names_are_missing(Scene *scene) {
        const Report *report = scene->report;
        Missing missing = { .n = domain_was_missed(report) };

        for (size_t i = 0; i < report->n_logs; i++) {
                if (report->logs[i]->end == PROBE_RUNNING || has_addresses(report->logs[i]))
                        return false;
                count_candidates(report, report->logs[i], &missing);
        }
        if (missing.n < KNOWN_LEAST)
                return false;
        scene_note(scene, "not found: %s and others that the provider has", missing.first);
        return true;
}
