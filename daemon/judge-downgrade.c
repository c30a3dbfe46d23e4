/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The judge on mechanisms that are gone once the connection is encrypted. */

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "finding.h"
#include "judge-private.h"

#define NAMES_SIZE 256u

/* Mechanisms that never send the password. */
static bool hides_password(const char *name, size_t length) {
        static const char *const starts[] = { "SCRAM-", "CRAM-MD5", "DIGEST-MD5", "GSSAPI", "GS2-", "EXTERNAL", "NTLM" };
        for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
                if (strlen(starts[i]) <= length && !strncasecmp(name, starts[i], strlen(starts[i])))
                        return true;
        return false;
}

/* What follows the word with which a capability lists mechanisms: "AUTH=PLAIN", "AUTH PLAIN LOGIN", "SASL PLAIN LOGIN". */
static const char *mechanisms_in(const char *word) {
        static const char *const starts[] = { "AUTH=", "AUTH ", "SASL " };
        for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
                if (!strncasecmp(word, starts[i], strlen(starts[i])))
                        return word + strlen(starts[i]);
        return "";
}

typedef struct Offer {
        char hiding[NAMES_SIZE], all[NAMES_SIZE];       /* names of mechanisms, in one line */
} Offer;

static void add_name(char *names, const char *name, size_t length) {
        size_t used = strlen(names);
        if (used + length + 3 < NAMES_SIZE)
                snprintf(names + used, NAMES_SIZE - used, "%s%.*s", used > 0 ? ", " : "", (int) length, name);
}

/* What was offered in a phase; the last list of it counts. */
static bool read_offer(const ProbeLog *log, const char *phase, Offer *ret) {
        const char *const *words = NULL;

        *ret = (Offer) { 0 };
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "capability"));)
                if (!strcmp(md_record_text(record, "phase"), phase))
                        words = md_record_list(record, "words");
        for (size_t i = 0; words && words[i]; i++)
                for (const char *name = mechanisms_in(words[i]); *name;) {
                        size_t length = strcspn(name, " ");
                        add_name(ret->all, name, length);
                        if (hides_password(name, length))
                                add_name(ret->hiding, name, length);
                        name += length + strspn(name + length, " ");
                }
        return ret->all[0];
}

static int judge_log(Report *report, size_t probe, const Registry *registry) {
        Offer before, after;
        char evidence[2 * NAMES_SIZE + 32];

        if (!read_offer(report->logs[probe], "before-tls", &before) || !before.hiding[0] ||
            !read_offer(report->logs[probe], "after-tls", &after) || after.hiding[0])
                return 0;
        snprintf(evidence, sizeof(evidence), "before TLS: %s; after: %s", before.all, after.all);
        const MdField params[] = { MD_TEXT("before", before.hiding), MD_TEXT("after", after.all), { 0 } };
        return finding_add(report, probe, registry, "security.auth-downgrade", evidence, params);
}

int judge_downgrade(Report *report, const Registry *registry) {
        int r = 0;
        for (size_t i = 0; r >= 0 && i < report->n_logs; i++)
                if (probe_why_is_configured(report->logs[i]->why) && !report->logs[i]->superseded)
                        r = judge_log(report, i, registry);
        return r;
}
