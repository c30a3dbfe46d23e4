/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Which findings are one cause.
 *
 * Who can act decides it: a wrong setting is one account's, an expired certificate one server's, a blocked port one
 * network's, a wrong clock this computer's.  The key is made of what a cause belongs to, so accounts with the same key
 * share it, and a key that is gone is a cause that is gone.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "own.h"
#include "report.h"

enum {
        OF_ACCOUNT = 1 << 0,
        OF_SERVICE = 1 << 1,            /* unless the setting is one that all services share */
        OF_HOST = 1 << 2,
        OF_PORT = 1 << 3,               /* if the port is what is wrong */
};

static const struct Scope {
        const char *actor;
        unsigned belongs;
        bool ours;
} scopes[] = {
        { "user", OF_ACCOUNT | OF_SERVICE, true },
        { "administrator", OF_ACCOUNT | OF_HOST, false },
        { "provider", OF_HOST, false },
        { "network", OF_PORT, false },
        { "computer", 0, true },
};

static const struct Scope *scope_of(const json_t *finding) {
        for (size_t i = 0; i < ELEMENTS(scopes); i++)
                if (!strcmp(scopes[i].actor, report_text(finding, "actor")))
                        return &scopes[i];
        return &scopes[0];
}

static bool is_setting(const json_t *finding, const char *const *settings) {
        for (; *settings; settings++)
                if (!strcmp(report_text(finding, "setting"), *settings))
                        return true;
        return false;
}

/* What several accounts are found to share in one check, one account alone may have in the next: it is the same cause. */
static const char *own_code(const char *code) {
        static const struct {
                const char *shared, *own;
        } codes[] = {
                { "shared.clock-wrong", "local.clock-wrong" },
                { "shared.port-blocked", "net.port-blocked" },
                { "shared.tls-intercepted", "cert.intercepted" },
        };
        for (size_t i = 0; i < ELEMENTS(codes); i++)
                if (!strcmp(codes[i].shared, code))
                        return codes[i].own;
        return code;
}

/* Its own, or that in its text where it is about no one place. */
static long port_of(const json_t *finding) {
        const json_t *params = json_object_get(finding, "params"), *port = json_object_get(finding, "port");
        port = port ? port : json_object_get(params, "port");
        return json_is_string(port) ? strtol(json_string_value(port), NULL, 10) : (long) json_integer_value(port);
}

static void put_key(FILE *stream, const Watched *watched, const json_t *finding) {
        static const char *const common[] = { "username", "password", "address", NULL }, *const port[] = { "port", NULL };
        const struct Scope *scope = scope_of(finding);

        fputs(own_code(report_text(finding, "code")), stream);
        if (scope->belongs & OF_ACCOUNT)
                fprintf(stream, " %s", watched->key);
        if (scope->belongs & OF_SERVICE && !is_setting(finding, common))
                fprintf(stream, " %s", report_text(finding, "service"));
        if (scope->belongs & OF_HOST && *report_text(finding, "host"))
                fprintf(stream, " %s", report_text(finding, "host"));
        if (scope->belongs & OF_PORT && is_setting(finding, port))
                fprintf(stream, " %ld", port_of(finding));
}

static char *make_key(const Watched *watched, const json_t *finding) {
        const char *cause = report_text(finding, "cause");
        char *key = NULL;
        size_t size;

        FILE *stream = open_memstream(&key, &size);
        if (!stream)
                return NULL;
        if (*cause)                     /* it is not among the findings: several accounts share it */
                fputs(own_code(cause), stream);
        else
                put_key(stream, watched, finding);
        return fclose(stream) == 0 ? key : NULL;
}

/* ---- the list ---- */

static void cause_done(Cause *cause) {
        json_decref(cause->findings);
        free(cause->accounts);
        free(cause->key);
}

void causes_done(Causes *causes) {
        for (size_t i = 0; i < causes->n; i++)
                cause_done(&causes->list[i]);
        free(causes->list);
        *causes = (Causes) { 0 };
}

const Cause *causes_by_key(const Causes *causes, const char *key) {
        for (size_t i = 0; i < causes->n; i++)
                if (!strcmp(causes->list[i].key, key))
                        return &causes->list[i];
        return NULL;
}

bool cause_concerns(const Cause *cause, const char *account_key) {
        for (size_t i = 0; i < cause->n_accounts; i++)
                if (!strcmp(cause->accounts[i]->key, account_key))
                        return true;
        return false;
}

/* Takes over the key.  NULL: out of memory. */
static Cause *add_cause(Causes *causes, char *key) {
        Cause *larger = key ? reallocarray(causes->list, causes->n + 1, sizeof(Cause)) : NULL;
        json_t *findings = larger ? json_array() : NULL;

        if (larger)
                causes->list = larger;
        if (!findings) {
                free(key);
                return NULL;
        }
        Cause *cause = &causes->list[causes->n++];
        *cause = (Cause) { .key = key, .findings = findings, .n_causes = 1 };
        return cause;
}

static int add_account(Cause *cause, Watched *watched) {
        if (cause_concerns(cause, watched->key))
                return 0;
        Watched **larger = reallocarray(cause->accounts, cause->n_accounts + 1, sizeof(Watched *));
        if (!larger)
                return -ENOMEM;
        cause->accounts = larger;
        cause->accounts[cause->n_accounts++] = watched;
        return 0;
}

static void add_service(Cause *cause, const char *service) {
        bool sends = !strcmp(service, "smtp"), unknown = !*service;
        cause->send = cause->send || sends || unknown;
        cause->receive = cause->receive || !sends || unknown;
}

/* What does not work: what is about no one place breaks what follows from it, or all of it. */
static void add_services(Cause *cause, const json_t *finding, const json_t *findings) {
        bool any = *report_text(finding, "service");
        size_t i;
        json_t *other;

        if (any)
                add_service(cause, report_text(finding, "service"));
        else
                json_array_foreach((json_t *) findings, i, other) {
                        if (strcmp(report_text(other, "cause"), report_text(finding, "code")))
                                continue;
                        add_service(cause, report_text(other, "service"));
                        any = true;
                }
        if (!any)
                add_service(cause, "");
}

static int add_finding(Causes *causes, Watched *watched, json_t *finding, bool warning) {
        char *key = make_key(watched, finding);
        Cause *cause = key ? (Cause *) causes_by_key(causes, key) : NULL;

        if (cause)
                free(key);
        else {
                cause = add_cause(causes, key);
                if (!cause)
                        return -ENOMEM;
                cause->warning = warning;
                cause->ours = scope_of(finding)->ours;
        }
        add_services(cause, finding, json_object_get(watched->details, "findings"));
        return json_array_append(cause->findings, finding) < 0 ? -ENOMEM : add_account(cause, watched);
}

/* ---- of one account ---- */

static bool has_code(const json_t *findings, const char *code) {
        size_t i;
        json_t *finding;
        json_array_foreach((json_t *) findings, i, finding)
                if (!strcmp(report_text(finding, "code"), code))
                        return true;
        return false;
}

bool finding_is_root(const json_t *finding, const json_t *findings) {
        const char *cause = report_text(finding, "cause");
        return !*cause || !has_code(findings, cause);
}

/* The root causes of one severity.  Returns how many, or -ENOMEM. */
static int add_findings(Causes *causes, Watched *watched, const char *severity) {
        const json_t *findings = json_object_get(watched->details, "findings");
        bool warning = !strcmp(severity, "warning");
        int n = 0, r = 0;
        size_t i;
        json_t *finding;

        json_array_foreach((json_t *) findings, i, finding) {
                if (strcmp(report_text(finding, "severity"), severity) || !finding_is_root(finding, findings) ||
                    (warning && !scope_of(finding)->ours))
                        continue;
                r = add_finding(causes, watched, finding, warning);
                if (r < 0)
                        return r;
                n++;
        }
        return n;
}

/* It is broken, and does not say why. */
static int add_unexplained(Causes *causes, Watched *watched) {
        char *key;
        if (asprintf(&key, "unknown %s", watched->key) < 0)
                return -ENOMEM;
        Cause *cause = add_cause(causes, key);
        if (!cause)
                return -ENOMEM;
        cause->receive = cause->send = true;
        return add_account(cause, watched);
}

static int add_errors(Causes *causes, Watched *watched) {
        if (watched->status != WATCHED_ERROR)
                return 0;
        int n = add_findings(causes, watched, "error");
        return n != 0 ? n : add_unexplained(causes, watched);
}

static int add_warnings(Causes *causes, Watched *watched) {
        return watched->status == WATCHED_WARNING ? add_findings(causes, watched, "warning") : 0;
}

int causes_find(const WatchList *list, Causes *ret) {
        int (*const passes[])(Causes *causes, Watched *watched) = { add_errors, add_warnings };
        Causes causes = { 0 };
        int r = 0;

        for (size_t pass = 0; pass < ELEMENTS(passes); pass++)
                for (size_t i = 0; r >= 0 && i < list->n; i++)
                        if (watched_is_settled(list->list[i]) && list->list[i]->details)
                                r = passes[pass](&causes, list->list[i]);
        if (r < 0) {
                causes_done(&causes);
                return r;
        }
        *ret = causes;
        return 0;
}

/* ---- many ---- */

static int merge(Cause *many, const Cause *cause) {
        int r = 0;
        many->warning = many->warning && cause->warning;
        many->ours = many->ours || cause->ours;
        many->receive = many->receive || cause->receive;
        many->send = many->send || cause->send;
        for (size_t i = 0; r >= 0 && i < cause->n_accounts; i++)
                r = add_account(many, cause->accounts[i]);
        return r;
}

int causes_collapse(Causes *causes, size_t max) {
        Causes collapsed = { 0 };

        if (causes->n <= max)
                return 0;
        Cause *many = add_cause(&collapsed, strdup(CAUSE_MANY));
        int r = many ? 0 : -ENOMEM;
        if (many) {
                many->warning = true;
                many->n_causes = causes->n;
        }
        for (size_t i = 0; r >= 0 && i < causes->n; i++)
                r = merge(many, &causes->list[i]);
        causes_done(r < 0 ? &collapsed : causes);
        if (r >= 0)
                *causes = collapsed;
        return r;
}
