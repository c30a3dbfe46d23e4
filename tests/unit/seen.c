/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reports made of a few words. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seen.h"

static void registry_take(Registry *registry, const char *kind, const MdField *fields) {
        MdRecord record;
        md_record_init(&record, kind);
        ck_assert_int_eq(md_record_add_all(&record, fields), 0);
        ck_assert_int_eq(registry_add(registry, &record), 0);
        md_record_done(&record);
}

#define TAKE(registry, kind, ...) registry_take(registry, kind, (const MdField[]) { __VA_ARGS__, { 0 } })

Registry *seen_registry(void) {
        static const struct {
                const char *name, *purpose;
                MdEndpoint endpoints[3];
        } plugins[] = {
                { "imap", "receive", { { 993, MD_SECURITY_TLS, "imaps" }, { 143, MD_SECURITY_STARTTLS, "imap" } } },
                { "pop3", "receive", { { 995, MD_SECURITY_TLS, "pop3s" }, { 110, MD_SECURITY_STARTTLS, "pop3" } } },
                { "smtp", "send", { { 465, MD_SECURITY_TLS, "submissions" },
                                    { 587, MD_SECURITY_STARTTLS, "submission" },
                                    { 25, MD_SECURITY_STARTTLS, "smtp" } } },
                { "control", "other", { { 443, MD_SECURITY_TLS, "https" }, { 80, MD_SECURITY_NONE, "http" } } },
        };
        Registry *registry = registry_new();
        for (size_t i = 0; i < sizeof(plugins) / sizeof(plugins[0]); i++) {
                TAKE(registry, "plugin", MD_TEXT("name", plugins[i].name), MD_TEXT("state", "loaded"),
                     MD_TEXT("purpose", plugins[i].purpose));
                for (size_t k = 0; k < 3 && plugins[i].endpoints[k].port; k++)
                        TAKE(registry, "endpoint", MD_TEXT("plugin", plugins[i].name),
                             MD_NUMBER("port", plugins[i].endpoints[k].port),
                             MD_TEXT("security", md_security_to_string(plugins[i].endpoints[k].security)),
                             MD_TEXT("service", plugins[i].endpoints[k].service));
        }
        TAKE(registry, "plugin", MD_TEXT("name", "table"), MD_TEXT("state", "loaded"), MD_TEXT("purpose", "other"),
             MD_TEXT("kind", "discovery"));
        TAKE(registry, "plugin", MD_TEXT("name", "web"), MD_TEXT("state", "loaded"), MD_TEXT("purpose", "other"),
             MD_TEXT("kind", "discovery"), MD_TRUTH("network", true));
        static const char *const findings[] = { "smtp.relay-denied", "smtp.use-submission-port", "smtp.client-blocked" };
        for (size_t i = 0; i < sizeof(findings) / sizeof(findings[0]); i++)
                TAKE(registry, "finding", MD_TEXT("plugin", "smtp"), MD_TEXT("code", findings[i]),
                     MD_TEXT("severity", "error"), MD_TEXT("actor", "user"), MD_TEXT("stage", "mailbox"),
                     MD_TEXT("title", "t"), MD_TEXT("meaning", "m"), MD_TEXT("remedy", "r"), MD_TEXT("since", "0.1"));
        return registry;
}

static void log_take(ProbeLog *log, const char *kind, const MdField *fields) {
        MdRecord record;
        md_record_init(&record, kind);
        ck_assert_int_eq(md_record_add_all(&record, fields), 0);
        ck_assert_int_ge(probe_log_add(log, &record), 0);
}

#define LOG(log, kind, ...) log_take(log, kind, (const MdField[]) { __VA_ARGS__, { 0 } })

static void add_codes(ProbeLog *log, const Seen *seen) {
        char codes[256], *rest = codes;
        snprintf(codes, sizeof(codes), "%s", seen->code);
        for (char *code; (code = strsep(&rest, " "));)
                LOG(log, "finding", MD_TEXT("code", code), MD_NUMBER("at-us", 1), MD_TEXT("found", seen->found),
                    MD_TEXT("evidence", seen->evidence),
                    MD_LIST("also", seen->alike[0] ? seen->alike : NULL));
}

/* ---- what a plugin tells that finds settings ---- */

/* The value of "key=value" in a line of words; NULL: it is not there.  A buffer of its own for each of eight. */
static const char *word_of(const char *line, const char *key) {
        static char buffers[8][128];
        static size_t next;
        size_t length = strlen(key);

        for (const char *word = line; word && *word; word = strchr(word, ' ') ? strchr(word, ' ') + 1 : NULL)
                if (!strncmp(word, key, length) && word[length] == '=') {
                        char *buffer = buffers[next++ % 8];
                        snprintf(buffer, 128, "%.*s", (int) strcspn(word + length + 1, " "), word + length + 1);
                        return buffer;
                }
        return NULL;
}

static bool has_word(const char *line, const char *word) {
        const char *at = strstr(line, word);
        return at && (at[strlen(word)] == ' ' || !at[strlen(word)]);
}

/* "candidate imap imap.a.example:993 tls https origin=x form=address foreign …" */
static void tell_candidate(ProbeLog *log, const char *line) {
        static const char *const trusts[] = { "insecure", "table", "https", "dnssec" };
        char protocol[16], host[128], security[16];
        const char *trust = "https", *form = word_of(line, "form"), *origin = word_of(line, "origin");
        unsigned port;

        ck_assert_int_eq(sscanf(line, "candidate %15s %127[^:]:%u %15s", protocol, host, &port, security), 4);
        for (size_t i = 0; i < 4; i++)
                if (has_word(line, trusts[i]))
                        trust = trusts[i];
        LOG(log, "candidate", MD_TEXT("protocol", protocol), MD_TEXT("host", host), MD_NUMBER("port", port),
            MD_TEXT("security", security), MD_TEXT("username-form", form ? form : "unknown"),
            MD_TEXT("username", word_of(line, "user")), MD_TEXT("origin", origin ? origin : log->target.plugin),
            MD_TEXT("trust", trust), MD_TEXT("asof", word_of(line, "asof")), MD_TEXT("until", word_of(line, "until")),
            MD_NUMBER("priority", has_word(line, "last") ? 9 : 0), MD_TRUTH("disputed", has_word(line, "disputed")),
            MD_TRUTH("foreign", has_word(line, "foreign")));
}

/* "precondition app-password since=… url=…"; "provider id by=host evidence=…"; "resembles host given known";
 * "mx one two" */
static void tell(ProbeLog *log, const char *line) {
        char first[128] = "", second[128] = "", third[128] = "";

        sscanf(line, "%*s %127s %127s %127s", first, second, third);
        if (!strncmp(line, "candidate ", 10))
                tell_candidate(log, line);
        else if (!strncmp(line, "precondition ", 13))
                LOG(log, "precondition", MD_TEXT("kind", first), MD_TEXT("protocol", word_of(line, "protocol")),
                    MD_TEXT("since", word_of(line, "since")), MD_TEXT("url", word_of(line, "url")),
                    MD_TEXT("text", word_of(line, "text")), MD_TEXT("checked", word_of(line, "checked")));
        else if (!strncmp(line, "provider ", 9))
                LOG(log, "provider", MD_TEXT("id", first), MD_TEXT("name", first),
                    MD_TEXT("by", word_of(line, "by") ? word_of(line, "by") : "domain"),
                    MD_TEXT("evidence", word_of(line, "evidence")));
        else if (!strncmp(line, "resembles ", 10))
                LOG(log, "resembles", MD_TEXT("setting", first), MD_TEXT("value", second), MD_TEXT("known", third),
                    MD_NUMBER("distance", 1));
        else if (!strncmp(line, "mx ", 3))
                LOG(log, "fact", MD_TEXT("name", "mx"),
                    MD_LIST("value", ((const char *const[]) { first, *second ? second : NULL, NULL })));
        else
                ck_abort_msg("cannot tell '%s'", line);
}

void seen_add(Report *report, size_t service, const Seen *seen) {
        MdTarget target = { .plugin = (char *) seen->protocol, .host = (char *) seen->host, .port = seen->port,
                            .security = seen->security, .username = (char *) seen->username,
                            .address = (char *) seen->mail_address,
                            .timeout_ms = 20000, .time_scale = 1 };
        if (seen->why == PROBE_FINDER) {
                target.local_part = (char *) "anna";
                target.address = (char *) "anna@a.example";
                service = SERVICE_NONE;
        }
        MdPurpose purpose = strcmp(seen->protocol, "smtp") ? MD_PURPOSE_RECEIVE : MD_PURPOSE_SEND;
        ProbeLog *log = probe_log_new(service, seen->why, &target, purpose);

        bool dead = seen->code && strstr(seen->code, "tcp.");
        if (seen->address)
                LOG(log, "attempt", MD_TEXT("address", seen->address), MD_NUMBER("port", seen->port),
                    MD_TEXT("family", "ipv4"), MD_TEXT("outcome", dead ? "timeout" : "ok"), MD_NUMBER("elapsed-us", 1),
                    MD_TRUTH("used", !dead));
        log->waits = seen->waits;
        log->earlier = seen->earlier;
        if (seen->secret_missing)
                log->secret_missing = strdup(seen->secret_missing);
        log->denial = (Denial) { seen->denial, 10, UINT64_C(1800000000) * 1000000 };
        if (seen->step)
                LOG(log, "step", MD_TEXT("name", "x"), MD_TEXT("stage", seen->step), MD_TEXT("outcome", "started"),
                    MD_NUMBER("at-us", 1), MD_NUMBER("elapsed-us", 1));
        if (seen->before[0])
                LOG(log, "capability", MD_TEXT("phase", "before-tls"), MD_LIST("words", seen->before));
        if (seen->after[0])
                LOG(log, "capability", MD_TEXT("phase", "after-tls"), MD_LIST("words", seen->after));
        if (seen->greeting)
                LOG(log, "greeting", MD_TEXT("text", seen->greeting));
        if (seen->trusted)
                LOG(log, "tls", MD_TEXT("outcome", "up"), MD_TRUTH("verified", true));
        if (seen->names[0] || seen->issuer || seen->sha256)
                LOG(log, "certificate", MD_NUMBER("index", 0), MD_TEXT("subject", "s"),
                    MD_TEXT("issuer", seen->issuer ? seen->issuer : "i"),
                    MD_LIST("names", seen->names), MD_NUMBER("not-before", 1), MD_NUMBER("not-after", 2),
                    MD_TEXT("key", "k"), MD_TEXT("signature", "s"),
                    MD_TEXT("sha256", seen->sha256 ? seen->sha256 : "h"));
        for (size_t i = 0; seen->told[i]; i++)
                tell(log, seen->told[i]);
        if (seen->code)
                add_codes(log, seen);
        if (seen->login)
                LOG(log, "end", MD_NUMBER("elapsed-us", 1), MD_NUMBER("bytes-in", 1), MD_NUMBER("bytes-out", 1),
                    MD_TEXT("login", seen->login));
        if (seen->end != PROBE_RUNNING)
                probe_log_end(log, seen->end, 11, NULL);
        ck_assert_int_eq(report_add_log(report, log), 0);
}

