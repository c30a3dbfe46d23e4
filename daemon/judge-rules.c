/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The judge's rules: what a finding of one probe means in the light of all the others.  The first rule that holds adds its
 * finding, of which the one that was seen is a consequence.
 */

#include <errno.h>
#include <string.h>

#include "finding.h"
#include "judge-private.h"
#include "judge-rules.h"
#include "match.h"

static const struct {
        const char *seen;
        bool (*holds)(Scene *scene);
        const char *code;
} rules[] = {
        { "tcp.refused", scene_is_local_program, "local.bridge-not-running" },
        { "dns.", scene_nothing_resolves, "dns.nothing-resolves" },
        { "dns.", scene_known_names_are_missing, "dns.nothing-resolves" },
        { "dns.no-such-name", scene_is_published_otherwise, "settings.differ-from-published" },
        { "dns.no-address", scene_is_published_otherwise, "settings.differ-from-published" },
        { "net.no-route", scene_nothing_answers, "net.no-connection" },
        { "tcp.", scene_nothing_answers, "net.no-connection" },
        { "tcp.", scene_is_port_blocked, "net.port-blocked" },
        { "tcp.", scene_is_published_otherwise, "settings.differ-from-published" },
        { "tcp.refused", scene_is_web_host, "settings.web-host" },
        { "tcp.", scene_is_banned, "server.bans-address" },
        { "tcp.", scene_is_host_unreachable, "server.unreachable" },
        { "port.http", scene_is_portal, "net.captive-portal" },
        { "cert.not-yet-valid", scene_is_clock_wrong, "local.clock-wrong" },
        { "cert.expired", scene_is_clock_wrong, "local.clock-wrong" },
        { "tls.starttls-missing", scene_tls_was_there, "security.tls-vanished" },
        { "tls.not-tls", scene_tls_was_there, "security.tls-vanished" },
        { "port.expects-starttls", scene_tls_was_there, "security.tls-vanished" },
        { "cert.", scene_certificate_changes, "cert.changes-between-connections" },
        { "cert.self-signed", scene_is_local_program, "local.bridge-certificate" },
        { "cert.unknown-issuer", scene_is_local_program, "local.bridge-certificate" },
        { "cert.unknown-issuer", scene_is_intercepted, "cert.intercepted" },
        { "cert.wrong-host", scene_is_redirected, "net.smtp-redirected" },
        { "cert.wrong-host", scene_is_published_otherwise, "settings.differ-from-published" },
        { "cert.self-signed", scene_is_redirected, "net.smtp-redirected" },
        { "cert.unknown-issuer", scene_is_redirected, "net.smtp-redirected" },
        { "auth.not-offered", scene_is_between_servers, "smtp.use-submission-port" },
        { "smtp.relay-denied", scene_is_between_servers, "smtp.use-submission-port" },
        { "smtp.client-blocked", scene_is_between_servers, "smtp.use-submission-port" },
        { "auth.not-offered", scene_is_published_otherwise, "settings.differ-from-published" },
        { "smtp.relay-denied", scene_is_published_otherwise, "settings.differ-from-published" },
        { "auth.rejected", scene_is_one_sided, "auth.one-side-only" },
};

static bool has_finding(const Report *report, size_t probe, const char *code) {
        for (size_t i = 0; i < report->n_findings; i++)
                if (report->findings[i].probe == probe && !strcmp(report->findings[i].info->id, code))
                        return true;
        return false;
}

static int add(Report *report, const Scene *scene, const char *code) {
        const MdField params[] = {
                MD_TEXT("issuer", scene_issuer(scene->log)),
                MD_TEXT("now", scene->now),
                MD_TEXT("other", scene->other),
                MD_TEXT("date", scene->date[0] ? scene->date : NULL),
                MD_NUMBER("refused", scene->log->earlier.n_refused),
                MD_LIST("also", scene->also),
                { 0 },
        };
        const char *evidence = scene->evidence[0] ? scene->evidence : scene->seen->evidence;
        return has_finding(report, scene->probe, code) ? 0 :
               finding_add(report, scene->probe, scene->registry, code, evidence, params);
}

static int judge_finding(Report *report, size_t i, const Registry *registry) {
        const char *seen = report->findings[i].info->id;
        size_t probe = report->findings[i].probe;

        for (size_t k = 0; k < sizeof(rules) / sizeof(rules[0]); k++) {
                if (!code_matches(seen, rules[k].seen) || !strcmp(seen, rules[k].code))
                        continue;
                Scene scene = { .report = report, .registry = registry, .probe = probe, .log = report->logs[probe],
                                .seen = &report->findings[i] };
                scene_init(&scene);
                if (rules[k].holds(&scene))
                        return add(report, &scene, rules[k].code);
        }
        return 0;
}

int judge_rules(Report *report, const Registry *registry) {
        size_t n = report->n_findings;          /* what the rules add needs no rule */
        int r = 0;
        for (size_t i = 0; r >= 0 && i < n; i++)
                r = judge_finding(report, i, registry);
        return r;
}

bool judge_rule_links(const char *consequence, const char *cause) {
        for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
                if (code_matches(consequence, rules[i].seen) && !strcmp(rules[i].code, cause))
                        return true;
        return false;
}
