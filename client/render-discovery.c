/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was found for an address: candidates by protocol with all that speaks for and against them, what has to be done
 * first, who was asked. */

#include <stdlib.h>
#include <string.h>

#include "i18n.h"
#include "render.h"
#include "report.h"
#include "words.h"

#define INDENT 2
#define COLUMN 16

typedef struct Word {
        const char *word;
        const char *text;
        Tone tone;
} Word;

static const Word *find_word(const Word *words, const char *word) {
        while (words->word && strcmp(words->word, word))
                words++;
        return words;
}

static bool is_true(const json_t *object, const char *key) {
        return json_is_true(json_object_get(object, key));
}

/* ---- candidates ---- */

static const Word trusts[] = {
        { "dnssec", N_("signed by the domain"), TONE_GOOD },
        { "https", N_("over https"), TONE_GOOD },
        { "table", N_("collected"), TONE_PLAIN },
        { "insecure", N_("not secured on the way"), TONE_WARN },
        { NULL, N_("unknown"), TONE_WARN },
};

/* "SRV _imaps._tcp.example.org (signed by the domain)" */
static void render_origin(Page *page, const char *head, const json_t *origin) {
        const char *asof = report_text(origin, "asof");
        page_entryf(page, INDENT, TONE_FAINT, head, COLUMN, _("%s (%s%s%s%s)"), report_text(origin, "origin"),
                    _(find_word(trusts, report_text(origin, "trust"))->text), *asof ? _(", as of ") : "", asof,
                    is_true(origin, "disputed") ? _(", disputed") : "");
}

/* All that speaks against it, in one line. */
static void render_doubts(Page *page, const json_t *candidate) {
        const char *until = report_text(candidate, "until");
        const struct {
                bool holds;
                const char *text;
        } doubts[] = {
                { is_true(candidate, "conflict"), N_("other sources name another server") },
                { is_true(candidate, "username-conflict"), N_("other sources give another form of the user name") },
                { is_true(candidate, "foreign") && !strcmp(report_text(candidate, "trust"), "insecure"),
                  N_("hearsay about a server outside of the domain: not to be used unless it is confirmed") },
                { !strcmp(report_text(candidate, "security"), "none"), N_("clear text: never to be used") },
        };
        const char *head = _("But");

        if (*until) {
                page_entryf(page, INDENT, TONE_WARN, head, COLUMN, _("it was right until %s only"), until);
                head = "";
        }
        for (size_t i = 0; i < sizeof(doubts) / sizeof(doubts[0]); i++)
                if (doubts[i].holds) {
                        page_entry(page, INDENT, TONE_WARN, head, COLUMN, _(doubts[i].text));
                        head = "";
                }
}

static void render_login(Page *page, const json_t *candidate) {
        static const Word forms[] = {
                { "address", N_("the whole address"), TONE_PLAIN },
                { "local-part", N_("the part before the @"), TONE_PLAIN },
                { "other", N_("a name of its own"), TONE_PLAIN },
                { NULL, "", TONE_PLAIN },
        };
        const char *user = report_text(candidate, "username");
        const char *form = find_word(forms, report_text(candidate, "username-form"))->text;
        char *auth = report_join(json_object_get(candidate, "auth"), ", ");

        if (*form)
                page_entryf(page, INDENT, TONE_FAINT, _("User name"), COLUMN, *user ? "%s: %s" : "%s%s", _(form), user);
        if (auth && *auth)
                page_entry(page, INDENT, TONE_FAINT, _("Login"), COLUMN, auth);
        free(auth);
}

static void render_candidate(Page *page, const json_t *candidate) {
        static const Word outcomes[] = {
                { "works", N_("works"), TONE_GOOD },
                { "fails", N_("does not work"), TONE_BAD },
                { NULL, N_("not tried"), TONE_WARN },
        };
        const Word *outcome = find_word(outcomes, report_text(candidate, "outcome"));
        const char *code = report_text(candidate, "code");
        const json_t *origins = json_object_get(candidate, "origins");
        size_t i;
        json_t *origin;

        page_blank(page);
        page_textf(page, is_true(candidate, "chosen") ? TONE_STRONG : outcome->tone == TONE_GOOD ? TONE_PLAIN : outcome->tone,
                   _("%s%s %s port %d, %s: %s%s%s"), is_true(candidate, "chosen") ? "→ " : "- ",
                   protocol_label(report_text(candidate, "protocol")).text, report_text(candidate, "host"),
                   (int) report_number(candidate, "port"), report_text(candidate, "security"), _(outcome->text),
                   *code ? ", " : "", code);
        render_login(page, candidate);
        json_array_foreach((json_t *) origins, i, origin)
                render_origin(page, i == 0 ? _("Found in") : "", origin);
        render_doubts(page, candidate);
}

/* ---- what has to be done ---- */

static void render_precondition(Page *page, const char *head, const json_t *precondition) {
        const char *checked = report_text(precondition, "checked"), *since = report_text(precondition, "since");
        const char *protocol = report_text(precondition, "protocol");

        page_entryf(page, 0, TONE_STRONG, head, COLUMN, "%s%s%s %s%s%s %s", protocol_label(protocol).text, *protocol ? ": " : "",
                    precondition_text(report_text(precondition, "kind")), *since ? _("Since ") : "", since,
                    *since ? "." : "", report_text(precondition, "text"));
        if (*report_text(precondition, "url"))
                page_entry(page, 0, TONE_PLAIN, "", COLUMN, report_text(precondition, "url"));
        if (*checked)
                page_entryf(page, 0, TONE_FAINT, "", COLUMN, _("last checked %s"), checked);
}

/* ---- who was asked ---- */

/* Where something was, or would be if it had worked; where nothing was there is nothing to see. */
static void render_places(Page *page, const json_t *places) {
        size_t i;
        json_t *place;

        json_array_foreach((json_t *) places, i, place) {
                const char *outcome = report_text(place, "outcome"), *detail = report_text(place, "detail");
                if (!strcmp(outcome, "found"))
                        page_entryf(page, 0, TONE_PLAIN, "", COLUMN, _("- found at %s (%s)"), report_text(place, "origin"),
                                    _(find_word(trusts, report_text(place, "trust"))->text));
                else if (!strcmp(outcome, "failed"))
                        page_entryf(page, 0, TONE_WARN, "", COLUMN, _("- failed at %s: %s"), report_text(place, "origin"),
                                    *detail ? _(detail) : "");
        }
}

static void render_source(Page *page, const char *head, const json_t *source) {
        static const Word outcomes[] = {
                { "ok", N_("answered"), TONE_FAINT },
                { "failed", N_("failed"), TONE_WARN },
                { NULL, N_("did not answer in time"), TONE_WARN },
        };
        const Word *outcome = find_word(outcomes, report_text(source, "outcome"));
        const char *error = report_text(source, "error");

        page_entryf(page, 0, outcome->tone, head, COLUMN, _("%s: %s, %d candidates, %s%s%s"), report_text(source, "plugin"),
                    _(outcome->text), (int) report_number(source, "candidates"),
                    duration_format(report_number(source, "elapsed-usec")).text, *error ? ", " : "", error);
        render_places(page, json_object_get(source, "asked"));
}

/* ---- all of it ---- */

static size_t count_chosen(const json_t *candidates) {
        size_t i, n = 0;
        json_t *candidate;
        json_array_foreach((json_t *) candidates, i, candidate)
                n += is_true(candidate, "chosen");
        return n;
}

bool discovery_has_settings(const json_t *report) {
        return count_chosen(json_object_get(json_object_get(report, "discovery"), "candidates")) > 0;
}

static void render_head(Page *page, const json_t *report, const json_t *discovery) {
        const char *address = report_text(json_object_get(report, "account"), "address");
        const char *provider = report_text(json_object_get(discovery, "provider"), "name");
        size_t n = json_array_size(json_object_get(discovery, "candidates"));

        if (discovery_has_settings(report))
                page_textf(page, TONE_GOOD, _("%sSettings for %s were found%s%s. An arrow marks those to use."),
                           page_mark(page, TONE_GOOD), address, *provider ? _("; the provider is ") : "", provider);
        else if (n > 0)
                page_textf(page, TONE_BAD, _("%sNo settings for %s can be recommended: see what speaks against each."),
                           page_mark(page, TONE_BAD), address);
        else
                page_textf(page, TONE_WARN, _("%sNo settings for %s were found."), page_mark(page, TONE_WARN), address);
}

/* What has to be done first stands at the top. */
static bool is_shown_above(const json_t *finding) {
        return !strncmp(report_text(finding, "code"), "provider.", strlen("provider.")) &&
               !strcmp(report_text(finding, "severity"), "info");
}

void render_discovery(Page *page, const json_t *report, const Guide *guide) {
        const json_t *discovery = json_object_get(report, "discovery"), *findings = json_object_get(report, "findings");
        size_t i;
        json_t *item;

        render_head(page, report, discovery);
        json_array_foreach(json_object_get(discovery, "preconditions"), i, item)
                render_precondition(page, i == 0 ? _("First") : "", item);
        json_array_foreach(json_object_get(discovery, "candidates"), i, item)
                render_candidate(page, item);
        json_array_foreach((json_t *) findings, i, item)
                if (!is_shown_above(item))
                        render_finding(page, item, *report_text(item, "cause"), guide);
        page_blank(page);
        json_array_foreach(json_object_get(discovery, "sources"), i, item)
                render_source(page, i == 0 ? _("Asked") : "", item);
}
