/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The judge's questions about trust: what the certificates and greetings of several servers tell together. */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "judge-rules.h"
#include "match.h"
#include "text.h"

static const char *certificate_text(const ProbeLog *log, const char *key) {
        const MdRecord *certificate = probe_log_next(log, NULL, "certificate");
        return certificate ? md_record_text(certificate, key) : NULL;
}

static bool any_is_trusted(const Report *report) {
        for (size_t i = 0; i < report->n_logs; i++) {
                const MdRecord *tls = probe_log_next(report->logs[i], NULL, "tls");
                if (tls && md_record_truth(tls, "verified"))
                        return true;
        }
        return false;
}

/* ---- the clock ---- */

#define DAY (24 * 60 * 60)

/* Seconds of "26 Nov 2026 22:03:44 +0100", the date of RFC 5322 that many greetings end with; -1: there is none. */
static time_t date_in(const char *text) {
        static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
        for (; *text; text++) {
                struct tm tm = { 0 };
                char month[4], zone[6] = "";
                int fields = sscanf(text, "%2d %3[A-Za-z] %4d %2d:%2d:%2d %5s", &tm.tm_mday, month, &tm.tm_year,
                                    &tm.tm_hour, &tm.tm_min, &tm.tm_sec, zone);
                const char *found = fields >= 6 ? strstr(months, month) : NULL;
                if (!found || (found - months) % 3 != 0)
                        continue;
                int offset = atoi(zone);
                tm.tm_mon = (int) (found - months) / 3;
                tm.tm_year -= 1900;
                return timegm(&tm) - (offset / 100 * 60 + offset % 100) * 60;
        }
        return -1;
}

/* Whether a server that introduces itself with a date lives in another day than this computer. */
static bool greeting_tells_other_day(Scene *scene) {
        time_t now = (time_t) (scene->report->started_usec / 1000000);
        for (size_t i = 0; i < scene->report->n_logs; i++) {
                const ProbeLog *log = scene->report->logs[i];
                const MdRecord *greeting = probe_log_next(log, NULL, "greeting");
                time_t date = greeting ? date_in(md_record_text(greeting, "text")) : -1;
                if (date < 0 || (date - now < DAY && now - date < DAY))
                        continue;
                scene_note(scene, "%s: %s", log->target.host, md_record_text(greeting, "text"));
                return true;
        }
        return false;
}

/* Another certificate with the same fault.  Not begun yet: two are enough.  Expired: providers forget theirs, so the other
 * one must be of another owner. */
static bool other_is_out_of_date(Scene *scene) {
        const char *code = scene->seen->info->id, *own = certificate_text(scene->log, "sha256");
        bool owners = !strcmp(code, "cert.expired");
        for (size_t i = 0; own && i < scene->report->n_logs; i++) {
                const ProbeLog *log = scene->report->logs[i];
                const char *other = certificate_text(log, "sha256");
                if (!other || !strcmp(other, own) || !probe_log_found(log, code) ||
                    (owners && hosts_are_related(log->target.host, scene->log->target.host)))
                        continue;
                scene_note(scene, "the certificate of %s is out of date in the same direction", log->target.host);
                return true;
        }
        return false;
}

bool scene_is_clock_wrong(Scene *scene) {
        return !any_is_trusted(scene->report) && (greeting_tells_other_day(scene) || other_is_out_of_date(scene));
}

/* ---- inspection ---- */

/* Words in the names of authorities with which programs and devices sign what they inspect. */
static const char *known_inspector(const char *issuer) {
        static const char *const words[] = {
                "avast!", "AVG Web/Mail Shield", "ESET SSL Filter", "Kaspersky Anti-Virus", "Bitdefender",
                "Norton Web/Mail Shield", "Symantec SSL", "Sophos", "DO_NOT_TRUST", "Fortinet", "FortiGate", "Zscaler",
                "Palo Alto", "Blue Coat", "Cisco Umbrella", "Forcepoint", "Barracuda", "WatchGuard", "SonicWall",
                "McAfee Web Gateway", "Trend Micro", "Dr.Web", "G DATA", "AdGuard", "Untangle", "Netskope",
        };
        for (size_t i = 0; issuer && i < sizeof(words) / sizeof(words[0]); i++)
                if (strcasestr(issuer, words[i]))
                        return words[i];
        return NULL;
}

bool scene_is_intercepted(Scene *scene) {
        const char *issuer = scene_issuer(scene->log);
        if (!issuer)
                return false;
        scene_note(scene, "issuer: %s", issuer);
        for (size_t i = 0; i < scene->report->n_logs; i++) {
                const ProbeLog *log = scene->report->logs[i];
                if (hosts_are_related(log->target.host, scene->log->target.host) ||
                    !probe_log_found(log, "cert.unknown-issuer") || !texts_equal(scene_issuer(log), issuer))
                        continue;
                scene_note(scene, "the same at %s", log->target.host);
                return true;
        }
        return known_inspector(issuer) != NULL;
}

/* ---- redirection ---- */

/* The host name with which a greeting begins. */
static bool greeting_name(const ProbeLog *log, char *ret, size_t size) {
        const MdRecord *greeting = probe_log_next(log, NULL, "greeting");
        const char *text = greeting ? md_record_text(greeting, "text") : "";
        size_t length = strcspn(text, " \t");
        if (length == 0 || length >= size || !memchr(text, '.', length))
                return false;
        memcpy(ret, text, length);
        ret[length] = '\0';
        return true;
}

static bool is_smtp(const ProbeLog *log) {
        return !strcmp(log->target.plugin, "smtp");
}

/* Another host, of another owner, introduces itself by the same name. */
static bool others_greet_alike(Scene *scene, const char *name) {
        char other[256];
        for (size_t i = 0; i < scene->report->n_logs; i++) {
                const ProbeLog *log = scene->report->logs[i];
                if (!is_smtp(log) || hosts_are_related(log->target.host, scene->log->target.host) ||
                    hosts_are_related(log->target.host, name) || !greeting_name(log, other, sizeof(other)) ||
                    !md_word_equal(name, other))
                        continue;
                scene_note(scene, "%s introduces itself as %s, too", log->target.host, name);
                return true;
        }
        return false;
}

/* The name leads to another machine, so that the one that answered only took over the connection. */
static bool name_is_elsewhere(const Scene *scene, const char *name) {
        for (size_t i = 0; i < scene->report->n_logs; i++) {
                const ProbeLog *log = scene->report->logs[i];
                if (log->why == PROBE_OTHER_NAME && log->end != PROBE_RUNNING && md_word_equal(log->target.host, name))
                        return !probe_log_shares_address(log, scene->log);
        }
        return false;
}

static bool receiving_is_genuine(const Scene *scene) {
        for (size_t i = 0; i < scene->report->n_logs; i++) {
                const ProbeLog *log = scene->report->logs[i];
                const MdRecord *tls = probe_log_next(log, NULL, "tls");
                if (log->purpose == MD_PURPOSE_RECEIVE && probe_why_is_configured(log->why) && tls &&
                    md_record_truth(tls, "verified") && hosts_are_related(log->target.host, scene->log->target.host))
                        return true;
        }
        return false;
}

bool scene_is_redirected(Scene *scene) {
        char name[256];
        if (!is_smtp(scene->log) || !greeting_name(scene->log, name, sizeof(name)) ||
            hosts_are_related(name, scene->log->target.host))
                return false;
        scene_note(scene, "%s introduces itself as %s", scene->log->target.host, name);
        return others_greet_alike(scene, name) || (name_is_elsewhere(scene, name) && receiving_is_genuine(scene));
}
