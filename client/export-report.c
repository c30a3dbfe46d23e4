/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads settings out of a report. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "export-report.h"
#include "report.h"
#include "translate.h"
#include "words.h"

/* The settings of a service while proposals are applied; texts belong to the report. */
typedef struct Draft {
        const char *protocol, *host, *security, *username;
        json_int_t port;
        ExportProof proof;
        const char *reason;
} Draft;

static bool is_of(const json_t *finding, const json_t *service) {
        return !strcmp(report_text(finding, "service"), report_text(service, "protocol")) &&
                !strcmp(report_text(finding, "host"), report_text(service, "host")) &&
                report_number(finding, "port") == report_number(service, "port");
}

static ExportProof proof_of(bool login) {
        return login ? EXPORT_LOGIN : EXPORT_CONNECTION;
}

static void apply_change(Draft *draft, const json_t *change) {
        const char *to = report_text(change, "to");
        const struct {
                const char *setting;
                const char **text;
        } texts[] = {
                { "protocol", &draft->protocol },
                { "host", &draft->host },
                { "security", &draft->security },
                { "username", &draft->username },
        };
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
                if (!strcmp(report_text(change, "setting"), texts[i].setting))
                        *texts[i].text = to;
        if (!strcmp(report_text(change, "setting"), "port"))
                draft->port = strtol(to, NULL, 10);
}

/* A proposal for the service that was tried and works.  Returns whether there was one. */
static bool apply_proposal(Draft *draft, const json_t *findings, const json_t *service) {
        size_t i, j;
        json_t *finding, *change;

        json_array_foreach((json_t *) findings, i, finding) {
                const json_t *changes = json_object_get(finding, "changes");
                if (!is_of(finding, service) || !json_is_true(json_object_get(finding, "verified")) ||
                    json_array_size(changes) == 0)
                        continue;
                json_array_foreach((json_t *) changes, j, change)
                        apply_change(draft, change);
                draft->proof = proof_of(!strcmp(report_text(finding, "proof"), "login"));
                return true;
        }
        return false;
}

/* The code of what keeps the service from working; "" when nothing is known. */
static const char *reason_of(const json_t *findings, const json_t *service) {
        size_t i;
        json_t *finding;
        json_array_foreach((json_t *) findings, i, finding)
                if (is_of(finding, service) && !strcmp(report_text(finding, "severity"), "error"))
                        return report_text(finding, "code");
        return "";
}

static bool works(const json_t *service) {
        static const char *const verdicts[] = { "ok", "info", "warning" };
        for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
                if (!strcmp(report_text(service, "verdict"), verdicts[i]))
                        return json_is_true(json_object_get(json_object_get(service, "tls"), "verified"));
        return false;
}

/* What is published about the login at this server, the best first; NULL when nothing is. */
static const json_t *published_auth(const json_t *report, const Draft *draft) {
        size_t i;
        json_t *candidate;
        json_array_foreach(json_object_get(json_object_get(report, "discovery"), "candidates"), i, candidate)
                if (!strcmp(report_text(candidate, "protocol"), draft->protocol) &&
                    !strcmp(report_text(candidate, "host"), draft->host) && report_number(candidate, "port") == draft->port)
                        return json_object_get(candidate, "auth");
        return NULL;
}

static bool has_word(const json_t *list, const char *word) {
        size_t i;
        json_t *item;
        json_array_foreach((json_t *) list, i, item)
                if (!strcmp(json_string_value(item) ?: "", word))
                        return true;
        return false;
}

static bool offers(const json_t *mechanism, const char *name) {
        return has_word(json_object_get(mechanism, "offered"), name) || !strcmp(report_text(mechanism, "name"), name);
}

static ExportAuth auth_of(const json_t *report, const json_t *service, const Draft *draft) {
        const json_t *mechanism = json_object_get(service, "mechanism"), *published = published_auth(report, draft);
        const char *used = report_text(mechanism, "name"), *best = json_string_value(json_array_get(published, 0)) ?: "";

        if (!strcmp(used, "XOAUTH2") || !strcmp(used, "OAUTHBEARER"))
                return EXPORT_OAUTH2;
        /* A login that works says more than what is published. */
        if (draft->proof != EXPORT_LOGIN && !strcmp(best, "oauth2"))
                return has_word(published, "password") ? EXPORT_OAUTH2_OR_PASSWORD : EXPORT_OAUTH2;
        if (offers(mechanism, "PLAIN") || offers(mechanism, "LOGIN"))
                return EXPORT_PASSWORD;
        return offers(mechanism, "CRAM-MD5") ? EXPORT_ENCRYPTED : EXPORT_PASSWORD;
}

static const char *known_protocol(const char *word) {
        static const char *const protocols[] = { "imap", "pop3", "smtp" };
        for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
                if (!strcmp(word, protocols[i]))
                        return protocols[i];
        return NULL;
}

static int add_draft(ExportAccount *account, const Draft *draft, ExportAuth auth, const char **ret_problem) {
        const ExportService service = {
                .protocol = known_protocol(draft->protocol),
                .host = (char *) draft->host,
                .port = draft->port > 0 && draft->port <= UINT16_MAX ? (uint16_t) draft->port : 0,
                .security = !strcmp(draft->security, "starttls") ? EXPORT_STARTTLS : EXPORT_TLS,
                .auth = auth,
                .username = (char *) (*draft->username ? draft->username : NULL),
                .proof = draft->proof,
                .reason = draft->reason,
        };
        return service.protocol ? export_account_add(account, &service, ret_problem) : 0;
}

static bool is_encrypted(const Draft *draft) {
        return !strcmp(draft->security, "tls") || !strcmp(draft->security, "starttls");
}

static int add_service(ExportAccount *account, const json_t *report, const json_t *service, FILE *left_out,
                       const char **ret_problem) {
        const json_t *findings = json_object_get(report, "findings");
        Draft draft = {
                .protocol = report_text(service, "protocol"),
                .host = report_text(service, "host"),
                .security = report_text(service, "security"),
                .username = report_text(service, "username"),
                .port = report_number(service, "port"),
                .reason = "",
        };

        if (works(service))
                draft.proof = proof_of(!strcmp(report_text(service, "login"), "ok"));
        else if (!apply_proposal(&draft, findings, service))
                draft.reason = reason_of(findings, service);
        if (is_encrypted(&draft))
                return add_draft(account, &draft, auth_of(report, service, &draft), ret_problem);
        fprintf(left_out, "%s%s", ftell(left_out) > 0 ? ", " : "", draft.host);
        return 0;
}

/* What has to be done first, in a sentence with the page that tells how. */
static int add_precondition(ExportAccount *account, const json_t *precondition) {
        const char *protocol = report_text(precondition, "protocol"), *said = translate(report_text(precondition, "text"));
        const char *usual = precondition_text(report_text(precondition, "kind")), *page = report_text(precondition, "url");
        char *text = NULL;

        if (*protocol && !export_service(account, protocol))
                return 0;
        if (!*usual && !*said && !*page)
                return 0;
        if (asprintf(&text, "%s%s%s%s%s", usual, *usual && *said ? " " : "", said, (*usual || *said) && *page ? " " : "",
                     page) < 0)
                return -ENOMEM;
        int r = export_account_note(account, text);
        free(text);
        return r == -EINVAL ? 0 : r;
}

/* Whoever logged in everywhere has done all that. */
static bool is_done(const ExportAccount *account) {
        for (size_t i = 0; i < account->n_services; i++)
                if (account->services[i].proof != EXPORT_LOGIN)
                        return false;
        return account->n_services > 0;
}

static int add_preconditions(ExportAccount *account, const json_t *report) {
        size_t i;
        json_t *precondition;
        int r = 0;

        json_array_foreach(json_object_get(json_object_get(report, "discovery"), "preconditions"), i, precondition)
                if (r == 0 && !is_done(account))
                        r = add_precondition(account, precondition);
        return r;
}

/* What was found and is to be used, where no service was checked: a trial without login is its proof. */
static int add_candidate(ExportAccount *account, const json_t *report, const json_t *candidate, const char **ret_problem) {
        const bool works_here = !strcmp(report_text(candidate, "outcome"), "works");
        const Draft draft = {
                .protocol = report_text(candidate, "protocol"),
                .host = report_text(candidate, "host"),
                .security = report_text(candidate, "security"),
                .username = report_text(candidate, "username"),
                .port = report_number(candidate, "port"),
                .proof = works_here ? EXPORT_CONNECTION : EXPORT_UNPROVED,
                .reason = works_here ? "" : report_text(candidate, "code"),
        };
        if (!json_is_true(json_object_get(candidate, "chosen")) || !is_encrypted(&draft))
                return 0;
        return add_draft(account, &draft, auth_of(report, NULL, &draft), ret_problem);
}

static int add_candidates(ExportAccount *account, const json_t *report, const char **ret_problem) {
        size_t i;
        json_t *candidate;
        int r = 0;

        json_array_foreach(json_object_get(json_object_get(report, "discovery"), "candidates"), i, candidate)
                if (r == 0)
                        r = add_candidate(account, report, candidate, ret_problem);
        return r;
}

int export_add_report(ExportAccount *account, const json_t *report, char **ret_left_out, const char **ret_problem) {
        char *left_out = NULL;
        size_t i, size;
        json_t *service;
        int r = 0;
        FILE *stream = open_memstream(&left_out, &size);
        if (!stream)
                return -ENOMEM;

        json_array_foreach(json_object_get(report, "services"), i, service)
                if (r == 0)
                        r = add_service(account, report, service, stream, ret_problem);
        fclose(stream);
        if (r == 0 && i == 0)
                r = add_candidates(account, report, ret_problem);
        if (r == 0)
                r = add_preconditions(account, report);
        if (r == 0 && *left_out) {
                *ret_left_out = left_out;
                return 0;
        }
        free(left_out);
        *ret_left_out = NULL;
        return r;
}
