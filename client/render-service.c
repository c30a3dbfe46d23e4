/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One service of the report: the steps with outcome and time, then what was seen on the way. */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "i18n.h"
#include "render.h"
#include "report.h"
#include "translate.h"

#define INDENT 2
#define COLUMN 16
#define DAY 86400

typedef struct Outcome {
        const char *word;
        const char *text;
        Tone tone;
} Outcome;

Duration duration_format(json_int_t usec) {
        Duration duration;
        double ms = (double) usec / 1000;
        if (ms >= 9999.5)
                snprintf(duration.text, sizeof(duration.text), "%.1f s", ms / 1000);
        else if (ms >= 9.95)
                snprintf(duration.text, sizeof(duration.text), "%.0f ms", ms);
        else
                snprintf(duration.text, sizeof(duration.text), "%.1f ms", ms);
        return duration;
}

/* A line of what was seen: its name, and the rest. */
#define entry(page, head, ...) page_entryf(page, INDENT, TONE_FAINT, head, COLUMN, __VA_ARGS__)

static const Outcome *find_outcome(const Outcome *outcomes, const char *word) {
        while (outcomes->word && strcmp(outcomes->word, word))
                outcomes++;
        return outcomes;
}

static void render_head(Page *page, const json_t *service) {
        static const Outcome logins[] = {
                { "ok", N_(", logged in as "), TONE_GOOD },
                { "refused", N_(", login refused as "), TONE_BAD },
                { "not-tried", N_(", no login tried as "), TONE_PLAIN },
                { NULL, "", TONE_PLAIN },
        };
        const char *user = report_text(service, "username");
        const char *login = find_outcome(logins, report_text(service, "login"))->text;

        page_textf(page, TONE_STRONG, _("%s %s port %d, %s%s%s"), protocol_label(report_text(service, "protocol")).text,
                   report_text(service, "host"), (int) report_number(service, "port"),
                   report_text(service, "security"), *user && *login ? _(login) : "", user);
}

Label protocol_label(const char *protocol) {
        Label label = {};
        for (size_t i = 0; i < sizeof(label.text) - 1 && protocol[i]; i++)
                label.text[i] = protocol[i] >= 'a' && protocol[i] <= 'z' ? (char) (protocol[i] - 32) : protocol[i];
        return label;
}

static void render_step(Page *page, const json_t *step) {
        static const Outcome outcomes[] = {
                { "ok", N_("ok"), TONE_GOOD },
                { "failed", N_("failed"), TONE_BAD },
                { "skipped", N_("skipped"), TONE_FAINT },
                { NULL, N_("unfinished"), TONE_WARN },
        };
        const char *word = report_text(step, "outcome"), *error = report_text(step, "error");
        const Outcome *outcome = find_outcome(outcomes, word);

        char row[256];
        Duration time = duration_format(report_number(step, "elapsed-usec"));
        if (!strcmp(word, "skipped"))
                snprintf(row, sizeof(row), "%.64s", report_text(step, "name"));
        else
                snprintf(row, sizeof(row), "%-18.64s %9s%s%.100s", report_text(step, "name"), time.text,
                         *error ? "  " : "", error);
        page_row(page, INDENT, outcome->tone, _(outcome->text), COLUMN, row);
}

static void render_attempt(Page *page, const char *head, const json_t *attempt) {
        Duration time = duration_format(report_number(attempt, "elapsed-usec"));
        entry(page, head, "%s: %s, %s%s", report_text(attempt, "address"), report_text(attempt, "outcome"),
              time.text, json_is_true(json_object_get(attempt, "used")) ? _(", used") : "");
}

static void render_tls(Page *page, const json_t *tls) {
        const char *parts[] = { report_text(tls, "version"), report_text(tls, "cipher"), report_text(tls, "group") };
        char text[512] = "";
        for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
                if (*parts[i])
                        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%.100s, ", parts[i]);

        const char *outcome = report_text(tls, "outcome");
        bool up = !strcmp(outcome, "up");
        entry(page, "TLS", "%s%s%s%s", text, json_is_true(json_object_get(tls, "verified"))
                      ? _("certificate verified") : _("certificate not verified"), up ? "" : ", ", up ? "" : outcome);
}

static void format_day(json_int_t seconds, char *text, size_t size) {
        time_t when = (time_t) seconds;
        struct tm tm;
        if (!gmtime_r(&when, &tm) || strftime(text, size, "%Y-%m-%d", &tm) == 0)
                snprintf(text, size, "?");
}

static void render_validity(Page *page, const json_t *certificate, json_int_t now) {
        json_int_t first = report_number(certificate, "not-before"), last = report_number(certificate, "not-after");
        json_int_t days = (last - now) / DAY;
        char from[32], to[32];
        format_day(first, from, sizeof(from));
        format_day(last, to, sizeof(to));

        if (now > last)
                entry(page, "", _("valid %s to %s: expired"), from, to);
        else if (now < first)
                entry(page, "", _("valid %s to %s: not yet"), from, to);
        else
                entry(page, "", ngettext("valid %s to %s: %lld more day", "valid %s to %s: %lld more days",
                                         (unsigned long) days), from, to, (long long) days);
}

static void render_certificate(Page *page, const json_t *certificate, json_int_t now) {
        char *names = report_join(json_object_get(certificate, "names"), ", ");
        char *reasons = report_join(json_object_get(certificate, "reasons"), ", ");

        entry(page, _("Certificate"), _("for %s"), names && *names ? names : report_text(certificate, "subject"));
        entry(page, "", _("issued by %s"), report_text(certificate, "issuer"));
        render_validity(page, certificate, now);
        if (reasons && *reasons)
                entry(page, "", _("refused: %s"), reasons);
        free(reasons);
        free(names);
}

static void render_mechanism(Page *page, const json_t *mechanism) {
        char *offered = report_join(json_object_get(mechanism, "offered"), " ");
        entry(page, _("Mechanism"), "%s: %s", report_text(mechanism, "name"), translate(report_text(mechanism, "reason")));
        if (offered && *offered)
                entry(page, "", _("offered: %s"), offered);
        free(offered);
}

static void render_fact(Page *page, const char *head, const char *name, const json_t *value) {
        if (json_is_string(value))
                entry(page, head, "%s: %s", name, json_string_value(value));
        else if (json_is_integer(value))
                entry(page, head, "%s: %" JSON_INTEGER_FORMAT, name, json_integer_value(value));
        else if (json_is_boolean(value))
                entry(page, head, "%s: %s", name, json_is_true(value) ? _("yes") : _("no"));
        else if (json_is_array(value)) {
                char *list = report_join(value, ", ");
                entry(page, head, "%s: %s", name, list ?: "");
                free(list);
        }
}

static void render_facts(Page *page, const json_t *facts) {
        const char *name, *head = _("Seen");
        json_t *value;
        json_object_foreach((json_t *) facts, name, value) {
                render_fact(page, head, name, value);
                head = "";
        }
}

static void render_replies(Page *page, const json_t *service) {
        size_t i;
        json_t *reply;
        json_array_foreach(json_object_get(service, "replies"), i, reply)
                entry(page, _("Reply"), _("to %s: %s %s %s"), report_text(reply, "to"), report_text(reply, "code"),
                      report_text(reply, "enhanced"), report_text(reply, "text"));
}

void render_service(Page *page, const json_t *service, json_int_t now_usec) {
        const json_t *tls = json_object_get(service, "tls"), *mechanism = json_object_get(service, "mechanism");
        const json_t *certificate = json_array_get(json_object_get(tls, "certificates"), 0);
        const char *greeting = report_text(service, "greeting");
        size_t i;
        json_t *item;

        render_head(page, service);
        if (*report_text(service, "assumed-from"))
                entry(page, _("Assumed from"), "%s", report_text(service, "assumed-from"));
        json_array_foreach(json_object_get(service, "steps"), i, item)
                render_step(page, item);
        json_array_foreach(json_object_get(service, "addresses"), i, item)
                render_attempt(page, i == 0 ? _("Address") : "", item);
        if (*greeting)
                entry(page, _("Greeting"), "%s", greeting);
        if (tls)
                render_tls(page, tls);
        if (certificate)
                render_certificate(page, certificate, now_usec / 1000000);
        if (mechanism)
                render_mechanism(page, mechanism);
        render_replies(page, service);
        render_facts(page, json_object_get(service, "facts"));
}
