/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The judge's questions about before: what other connections showed, in this diagnosis and in earlier ones. */

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "finding.h"
#include "judge-private.h"
#include "judge-rules.h"
#include "match.h"
#include "text.h"

#define REFUSED_MIN 2u                  /* logins that make a ban likely */

static void format_day(int64_t seconds, char *ret, size_t size) {
        time_t when = (time_t) seconds;
        struct tm day;
        if (!gmtime_r(&when, &day) || strftime(ret, size, "%Y-%m-%d", &day) == 0)
                snprintf(ret, size, "?");
}

bool scene_tls_was_there(Scene *scene) {
        const Earlier *earlier = &scene->log->earlier;

        if (earlier->tls_at == 0 || earlier->tls_security != scene->log->target.security)
                return false;
        format_day(earlier->tls_at, scene->date, sizeof(scene->date));
        scene_note(scene, "TLS worked on %s", scene->date);
        if (scene->seen->evidence)
                scene_note(scene, "now: %s", scene->seen->evidence);
        return true;
}

bool scene_is_banned(Scene *scene) {
        static const char *const also[] = { "server.unreachable", NULL };
        const Earlier *earlier = &scene->log->earlier;

        if (earlier->n_refused < REFUSED_MIN || earlier->answered_at == 0 || !scene_is_host_unreachable(scene))
                return false;
        format_day(earlier->answered_at, scene->date, sizeof(scene->date));
        scene->also = also;
        scene_note(scene, "%u logins refused, last on %s", earlier->n_refused, scene->date);
        return true;
}

/* ---- certificates ---- */

static const char *fingerprint(const ProbeLog *log) {
        const MdRecord *certificate = probe_log_next(log, NULL, "certificate");
        return certificate ? md_record_text(certificate, "sha256") : NULL;
}

static bool is_same_endpoint(const MdTarget *a, const MdTarget *b) {
        return a->port == b->port && a->security == b->security && md_word_equal(a->host, b->host) &&
               texts_equal(a->connect_to, b->connect_to) && texts_equal(a->tls_name, b->tls_name);
}

bool scene_certificate_changes(Scene *scene) {
        const char *own = fingerprint(scene->log);

        if (scene->seen->info->severity != MD_SEVERITY_ERROR)
                return false;
        for (size_t i = 0; own && i < scene->report->n_logs; i++) {
                const ProbeLog *log = scene->report->logs[i];
                const char *other = fingerprint(log);
                if (log == scene->log || !other || !strcmp(other, own) || !is_same_endpoint(&log->target, &scene->log->target))
                        continue;
                scene_note(scene, "SHA-256 %.16s…, then %.16s…", own, other);
                return true;
        }
        return false;
}

static bool is_refused(const Report *report, size_t probe) {
        for (size_t i = 0; i < report->n_findings; i++) {
                const Finding *finding = &report->findings[i];
                if (finding->probe == probe && finding->info->severity == MD_SEVERITY_ERROR &&
                    code_matches(finding->info->id, "cert."))
                        return true;
        }
        return false;
}

/* A certificate that was in order and is another now was replaced by mistake or by somebody: either way it is worth a word
 * beside what is wrong with the new one. */
int judge_memory(Report *report, const Registry *registry) {
        int r = 0;

        for (size_t i = 0; r >= 0 && i < report->n_logs; i++) {
                const ProbeLog *log = report->logs[i];
                char day[16], evidence[64];
                if (!probe_why_is_configured(log->why) || log->superseded || !log->earlier.other_certificate ||
                    !is_refused(report, i))
                        continue;
                format_day(log->earlier.tls_at, day, sizeof(day));
                snprintf(evidence, sizeof(evidence), "another certificate was in order on %s", day);
                r = finding_add(report, i, registry, "cert.replaced", evidence, (const MdField[]) { MD_TEXT("date", day), { 0 } });
        }
        return r;
}
