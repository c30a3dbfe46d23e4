/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rules for what accounts share: which findings make one cause, and what speaks against it. */

#include <stdio.h>

#include "judge-shared-private.h"
#include "match.h"
#include "text.h"

/* ---- what they have in common ---- */

static const char *key_none(const ProbeLog *log, char buffer[static 8]) {
        return "";
}

static const char *key_port(const ProbeLog *log, char buffer[static 8]) {
        snprintf(buffer, 8, "%u", log->target.port);
        return buffer;
}

static const char *key_issuer(const ProbeLog *log, char buffer[static 8]) {
        const MdRecord *certificate = probe_log_next(log, NULL, "certificate");
        return certificate ? md_record_text(certificate, "issuer") : NULL;
}

static const char *key_host(const ProbeLog *log, char buffer[static 8]) {
        return log->target.host;
}

/* ---- what speaks against it ---- */

typedef bool (*LogQuestion)(const ProbeLog *log, const SharedScene *scene);

static bool any(const SharedScene *scene, LogQuestion question) {
        for (size_t i = 0; i < scene->n_reports; i++)
                for (size_t k = 0; k < scene->reports[i]->n_logs; k++)
                        if (question(scene->reports[i]->logs[k], scene))
                                return true;
        return false;
}

static bool was_reached(const ProbeLog *log, const SharedScene *scene) {
        return probe_log_address(log) != NULL;
}

/* Somebody answered, be it with a refusal: the way there is open. */
static bool has_answer(const ProbeLog *log, const SharedScene *scene) {
        return probe_log_address(log) || probe_log_found(log, "tcp.refused");
}

static bool was_reached_on_port(const ProbeLog *log, const SharedScene *scene) {
        char port[8];
        return probe_log_address(log) && texts_equal(key_port(log, port), scene->key);
}

static bool was_found(const ProbeLog *log, const SharedScene *scene) {
        return probe_log_next(log, NULL, "attempt") != NULL;
}

static bool is_trusted(const ProbeLog *log, const SharedScene *scene) {
        const MdRecord *tls = probe_log_next(log, NULL, "tls");
        return tls && md_record_truth(tls, "verified");
}

static bool was_reached_by_ipv6(const ProbeLog *log, const SharedScene *scene) {
        for (const MdRecord *attempt = NULL; (attempt = probe_log_next(log, attempt, "attempt"));)
                if (texts_equal(md_record_text(attempt, "family"), "ipv6") &&
                    texts_equal(md_record_text(attempt, "outcome"), "ok"))
                        return true;
        return false;
}

static bool always(const SharedScene *scene) {
        return true;
}

static bool nothing_is_trusted(const SharedScene *scene) {
        return !any(scene, is_trusted);
}

static bool nothing_is_found(const SharedScene *scene) {
        return !any(scene, was_found);
}

static bool nothing_answers(const SharedScene *scene) {
        return !any(scene, has_answer);
}

static bool ipv6_never_works(const SharedScene *scene) {
        return !any(scene, was_reached_by_ipv6);
}

static bool only_this_port_fails(const SharedScene *scene) {
        return any(scene, was_reached) && !any(scene, was_reached_on_port);
}

/* ---- the provider ---- */

static const SharedRule *provider_rule(void);

static bool has_fault_of_provider(const ProbeLog *log) {
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "finding"));)
                if (shared_rule_takes(provider_rule(), md_record_text(record, "code")))
                        return true;
        return false;
}

/* A mail server of the provider did what was asked of it, whatever the settings. */
static bool works_for_provider(const ProbeLog *log, const SharedScene *scene) {
        return log->why != PROBE_CONTROL && probe_log_address(log) && hosts_are_related(log->target.host, scene->key) &&
               !has_fault_of_provider(log);
}

static bool only_the_provider_fails(const SharedScene *scene) {
        return any(scene, has_answer) && !any(scene, works_for_provider);
}

/* ---- the rules ---- */

const SharedRule shared_rules[] = {
        { "shared.clock-wrong", { "local.clock-wrong", "cert.not-yet-valid", "cert.expired" }, NULL, key_none,
          texts_equal, true, "local.clock-wrong", nothing_is_trusted },
        { "shared.names-not-found", { "dns.nothing-resolves", "dns.timeout", "dns.server-failure" }, NULL, key_none,
          texts_equal, true, "dns.nothing-resolves", nothing_is_found },
        { "shared.captive-portal", { "net.captive-portal", "port.http" }, NULL, key_none, texts_equal,
          true, "net.captive-portal", always },
        { "shared.no-connection",
          { "net.no-connection", "net.no-route", "tcp.timeout", "tcp.rejected-by-firewall", "server.unreachable" },
          NULL, key_none, texts_equal, true, "net.no-connection", nothing_answers },
        { "shared.port-blocked",
          { "net.port-blocked", "tcp.timeout", "tcp.rejected-by-firewall", "server.unreachable" },
          "port", key_port, texts_equal, true, "net.port-blocked", only_this_port_fails },
        { "shared.tls-intercepted", { "cert.intercepted", "cert.unknown-issuer" }, "issuer", key_issuer, texts_equal,
          true, "cert.intercepted", always },
        { "shared.provider-down",
          { "server.unreachable", "tcp.", "greeting.timeout", "greeting.closed", "greeting.reset", "tls.timeout",
            "tls.closed", "server.temporarily-unavailable", "server.fault", "server.auth-temporarily-down" },
          NULL, key_host, hosts_are_related, false, NULL, only_the_provider_fails },
        { "shared.ipv6-broken", { "net.ipv6-broken" }, NULL, key_none, texts_equal, true, NULL, ipv6_never_works },
};

const size_t n_shared_rules = sizeof(shared_rules) / sizeof(shared_rules[0]);

static const SharedRule *provider_rule(void) {
        for (size_t i = 0; i < n_shared_rules; i++)
                if (shared_rules[i].holds == only_the_provider_fails)
                        return &shared_rules[i];
        return NULL;
}

bool shared_rule_takes(const SharedRule *rule, const char *code) {
        for (size_t i = 0; i < SHARED_CODES_MAX && rule->codes[i]; i++)
                if (code_matches(code, rule->codes[i]))
                        return true;
        return false;
}
