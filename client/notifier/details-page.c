/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The page.  Every text passes the sanitiser and is escaped, whoever wrote it; a policy in the page forbids whatever a mistake here
 * might let through.
 */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cause.h"
#include "details-page.h"
#include "guide-steps.h"
#include "guide-store.h"
#include "i18n.h"
#include "own.h"
#include "render.h"
#include "report.h"
#include "text.h"
#include "translate.h"
#include "words.h"
#include "wording.h"

#define TEXT_MAX_BYTES 4096u

static const char style[] =
        ":root{color-scheme:light dark}"
        "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
        "h1{font-size:1.5rem}h2{font-size:1.25rem;margin-top:2.5rem}h3{font-size:1.05rem;margin:0}"
        "article{border:1px solid;border-left-width:.4rem;border-radius:.3rem;padding:.8rem 1rem;margin:1rem 0}"
        ".error{border-color:#c01c28}.warning{border-color:#b36b00}.info{border-color:#77767b}"
        ".todo{font-weight:600}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.5rem 0 0}"
        "dt{opacity:.75}dd{margin:0;overflow-wrap:anywhere}code{font-family:monospace}"
        "table{border-collapse:collapse}th,td{text-align:left;padding:.2rem 1rem .2rem 0;overflow-wrap:anywhere}"
        "footer{margin-top:3rem;opacity:.75}";

static void put(FILE *out, const char *text) {
        _cleanup_free_ char *clean = md_text_clean(text, strlen(text), TEXT_MAX_BYTES);

        for (const char *c = clean ?: ""; *c; c++)
                switch (*c) {
                case '&':
                        fputs("&amp;", out);
                        break;
                case '<':
                        fputs("&lt;", out);
                        break;
                case '>':
                        fputs("&gt;", out);
                        break;
                case '"':
                        fputs("&quot;", out);
                        break;
                default:
                        fputc(*c, out);
                }
}

/* <tag class="kind">text</tag> */
static void put_element(FILE *out, const char *tag, const char *kind, const char *text) {
        fprintf(out, *kind ? "<%s class=\"%s\">" : "<%s>", tag, kind);
        put(out, text);
        fprintf(out, "</%s>\n", tag);
}

/* A row of a list of names and values; nothing where there is no value. */
static void put_row(FILE *out, const char *name, const char *value) {
        if (!*value)
                return;
        put_element(out, "dt", "", name);
        put_element(out, "dd", "", value);
}

/* ---- a finding ---- */

/* A class of the style, whatever the report says. */
static const char *kind_of(const json_t *finding) {
        static const char *const kinds[] = { "error", "warning" };
        for (size_t i = 0; i < ELEMENTS(kinds); i++)
                if (!strcmp(kinds[i], report_text(finding, "severity")))
                        return kinds[i];
        return "info";
}

static void put_place(FILE *out, const json_t *finding) {
        char place[512];
        if (!*report_text(finding, "service"))
                return;
        snprintf(place, sizeof(place), _("%s %s port %d"), protocol_label(report_text(finding, "service")).text,
                 report_text(finding, "host"), (int) report_number(finding, "port"));
        put_row(out, _("Where"), place);
}

static void put_alternatives(FILE *out, const json_t *finding) {
        size_t i;
        json_t *alternative;
        json_array_foreach(json_object_get(finding, "alternatives"), i, alternative)
                put_row(out, _("Or else"), report_text(alternative, "message"));
}

static void put_code(FILE *out, const json_t *finding) {
        const char *standard = report_text(finding, "standard");
        char code[256];
        snprintf(code, sizeof(code), "%.120s%s%.100s%s", report_text(finding, "code"), *standard ? " (" : "", standard,
                 *standard ? ")" : "");
        put_row(out, _("Code"), code);
}

/* The steps in the app that the account comes from. */
static void put_steps(FILE *out, const json_t *finding, const Guide *guide) {
        bool unverified;
        size_t i;
        json_t *step, *steps = guide ? guide_steps_finding(guide, finding, &unverified) : NULL;

        if (json_array_size(steps) > 0) {
                char heading[128];
                snprintf(heading, sizeof(heading), _("In %.80s:"), guide->name);
                put_element(out, "p", "", heading);
                fputs("<ol>\n", out);
                json_array_foreach(steps, i, step)
                        put_element(out, "li", "", json_string_value(step) ?: "");
                fputs("</ol>\n", out);
        }
        json_decref(steps);
}

/* What follows from another finding needs nothing done. */
static void put_consequence(FILE *out, const json_t *finding) {
        _cleanup_free_ char *text = NULL;
        if (asprintf(&text, "%s%s", _("Follows from it: "), report_text(finding, "message")) < 0)
                text = NULL;
        put_element(out, "p", "", text ?: "");
}

static void put_finding(FILE *out, const json_t *finding, const Guide *guide) {
        _cleanup_free_ char *proposal = wording_proposal(finding);

        fprintf(out, "<article class=\"%s\">\n", kind_of(finding));
        put_element(out, "h3", "", report_text(finding, "message"));
        if (proposal)
                put_element(out, "p", "todo", proposal);
        put_element(out, "p", proposal ? "" : "todo", report_text(finding, "hint"));
        put_steps(out, finding, guide);
        fputs("<dl>\n", out);
        put_row(out, _("Who"), actor_text(report_text(finding, "actor")));
        put_place(out, finding);
        put_row(out, _("Seen"), report_text(finding, "evidence"));
        put_row(out, _("Why"), report_text(finding, "meaning"));
        put_alternatives(out, finding);
        put_code(out, finding);
        fputs("</dl>\n</article>\n", out);
}

/* ---- an account ---- */

static void put_port(FILE *out, const json_t *service) {
        char port[16] = "";
        if (report_number(service, "port") > 0)
                snprintf(port, sizeof(port), "%d", (int) report_number(service, "port"));
        put_element(out, "td", "", port);
}

static void put_services(FILE *out, const json_t *services) {
        size_t i;
        json_t *service;

        if (json_array_size(services) == 0)
                return;
        fprintf(out, "<table>\n<tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr>\n", _("Service"), _("Server"),
                _("Port"), _("Security"), _("User name"));
        json_array_foreach((json_t *) services, i, service) {
                fputs("<tr>\n", out);
                put_element(out, "td", "", protocol_label(report_text(service, "protocol")).text);
                put_element(out, "td", "", report_text(service, "host"));
                put_port(out, service);
                put_element(out, "td", "", wording_security(report_text(service, "security")));
                put_element(out, "td", "", report_text(service, "username"));
                fputs("</tr>\n", out);
        }
        fputs("</table>\n", out);
}

static void put_when(FILE *out, const json_t *details) {
        time_t when = (time_t) (report_number(details, "last-check-usec") / 1000000);
        struct tm local;
        char date[128], line[256];

        if (when <= 0 || !localtime_r(&when, &local) || strftime(date, sizeof(date), "%Y-%m-%d %H:%M", &local) == 0)
                return;
        snprintf(line, sizeof(line), _("Checked %s."), date);
        put_element(out, "p", "", line);
}

static const char *say_status(const Watched *watched) {
        switch (watched->status) {
        case WATCHED_UNKNOWN:
                return _("Not known: it has not been checked, or could not be.");
        case WATCHED_OK:
        case WATCHED_INFO:
                return _("Mail works: the last check found nothing wrong.");
        case WATCHED_WARNING:
                return _("Mail works, but something needs attention.");
        case WATCHED_ERROR:
                break;
        }
        return _("Mail does not work.");
}

static void put_findings(FILE *out, const json_t *findings, const char *source) {
        Guide *guide = NULL;
        size_t i;
        json_t *finding;

        guide_find(source, &guide);
        json_array_foreach((json_t *) findings, i, finding) {
                if (finding_is_root(finding, findings))
                        put_finding(out, finding, guide);
                else
                        put_consequence(out, finding);
        }
        guide_free(guide);
}

static void put_account(FILE *out, const Watched *watched) {
        const char *summary = report_text(watched->details, "summary"), *address = report_text(watched->details, "address");

        fputs("<section>\n", out);
        put_element(out, "h2", "", watched_title(watched));
        if (*address && strcmp(address, watched_title(watched)))
                put_element(out, "p", "", address);
        put_element(out, "p", "", *summary && !translate_is_active() ? summary : say_status(watched));
        put_when(out, watched->details);
        if (!watched->details)
                put_element(out, "p", "", _("Its details are not known here, or not for this user."));
        put_findings(out, json_object_get(watched->details, "findings"), report_text(watched->details, "source"));
        put_services(out, json_object_get(watched->details, "services"));
        fputs("</section>\n", out);
}

void details_page(FILE *out, Watched *const *accounts, size_t n) {
        fprintf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"referrer\" content=\"no-referrer\">\n",
                guide_language());
        put_element(out, "title", "", _("Mail settings"));
        fprintf(out, "<style>%s</style>\n</head>\n<body>\n<main>\n", style);
        put_element(out, "h1", "", _("Mail settings"));
        for (size_t i = 0; i < n; i++)
                put_account(out, accounts[i]);
        if (n == 0)
                put_element(out, "p", "", _("No mail accounts are known."));
        fputs("</main>\n<footer>\n", out);
        put_element(out, "p", "", _("This page was made on this computer by maildiag and is deleted when you log out. In a terminal: "
                                    "maildiag show ACCOUNT"));
        fputs("</footer>\n</body>\n</html>\n", out);
}
