/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The top of the report: the two verdicts, what to do first, and the findings, root cause first. */

#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "i18n.h"
#include "render.h"
#include "report.h"
#include "words.h"

#define COLUMN 12                       /* where values begin */
#define REMEDIES_MAX 3

typedef struct Word {
        const char *word;               /* in the report */
        const char *text;               /* for a person */
        Tone tone;
} Word;

static const Word abilities[] = {
        { "ok", "", TONE_GOOD },
        { "broken", "", TONE_BAD },
        { "unknown", "", TONE_WARN },
        { "none", "", TONE_FAINT },
};

static const Word *find_word(const Word *words, size_t n, const char *word) {
        for (size_t i = 0; i < n; i++)
                if (!strcmp(words[i].word, word))
                        return &words[i];
        return NULL;
}

#define FIND_WORD(words, word) find_word(words, sizeof(words) / sizeof(words[0]), word)

#define entry(page, indent, tone, head, ...) page_entryf(page, indent, tone, head, (indent) + COLUMN, __VA_ARGS__)

/* "✖ Receiving mail does not work: …": the sentence is the daemon's. */
static void render_ability(Page *page, const json_t *ability, const char *unknown) {
        const Word *word = FIND_WORD(abilities, report_text(ability, "verdict"));
        const char *text = report_text(ability, "text");
        Tone tone = word ? word->tone : TONE_WARN;

        page_textf(page, tone, "%s%s", page_mark(page, tone), *text ? text : unknown);
}

static bool is_derived(const json_t *finding, const json_t *findings) {
        const char *cause = report_text(finding, "cause");
        size_t i;
        json_t *other;
        json_array_foreach((json_t *) findings, i, other)
                if (*cause && !strcmp(report_text(other, "code"), cause))
                        return true;
        return false;
}

/* How far a proposal was tried. */
static const char *proof_text(const json_t *finding) {
        static const Word proofs[] = {
                { "login", N_(" (tried: the login works)"), TONE_GOOD },
                { "connection", N_(" (tried: the connection works)"), TONE_GOOD },
        };
        const Word *proof = FIND_WORD(proofs, report_text(finding, "proof"));
        return proof ? _(proof->text) : json_is_true(json_object_get(finding, "verified")) ? _(" (tried: it works)") : "";
}

/* "security from starttls to tls, port from 25 to 465": the whole proposal; "" when there is none. */
static char *proposal_text(const json_t *finding) {
        const json_t *changes = json_object_get(finding, "changes");
        char *text = NULL;
        size_t i, size;
        json_t *change;
        FILE *stream = open_memstream(&text, &size);
        if (!stream)
                return NULL;

        json_array_foreach((json_t *) changes, i, change) {
                const char *from = report_text(change, "from");
                fprintf(stream, *from ? _("%s%s from %s to %s") : _("%s%s%s to %s"), i > 0 ? ", " : "",
                        setting_text(report_text(change, "setting")), from, report_text(change, "to"));
        }
        if (json_array_size(changes) == 0 && *report_text(finding, "suggested"))
                fprintf(stream, _("%s to %s"), setting_text(report_text(finding, "setting")), report_text(finding, "suggested"));
        fclose(stream);
        return text;
}

/* What one root cause asks for; NULL: no memory. */
static char *remedy_text(const json_t *finding) {
        char *proposal = proposal_text(finding), *text = NULL;

        if (proposal && *proposal) {
                if (asprintf(&text, _("Change for %s: %s%s."), protocol_label(report_text(finding, "service")).text,
                             proposal, proof_text(finding)) < 0)
                        text = NULL;
        } else {
                text = strdup(report_text(finding, "hint"));
        }
        free(proposal);
        return text;
}

/* Whether what a root cause asks for is new: it is then kept in `said`. */
static bool is_new_remedy(char *said[static REMEDIES_MAX], unsigned n, const json_t *finding) {
        char *text = remedy_text(finding);
        if (!text)
                return false;

        for (unsigned i = 0; i < n; i++) {
                if (!strcmp(said[i], text)) {
                        free(text);
                        return false;
                }
        }
        said[n] = text;
        return true;
}

/* The third line and, where there are several root causes, a few more: what to do, each thing once.  Warnings only
 * count when nothing is broken. */
static void render_remedies(Page *page, const json_t *report) {
        const json_t *findings = json_object_get(report, "findings");
        static const char *const severities_asking[] = { "error", "warning" };
        char *said[REMEDIES_MAX];
        unsigned n = 0;

        for (size_t s = 0; s < sizeof(severities_asking) / sizeof(severities_asking[0]) && n == 0; s++) {
                size_t i;
                json_t *finding;
                json_array_foreach((json_t *) findings, i, finding) {
                        if (n == REMEDIES_MAX || strcmp(report_text(finding, "severity"), severities_asking[s]) ||
                            is_derived(finding, findings) || !is_new_remedy(said, n, finding))
                                continue;
                        entry(page, 0, TONE_STRONG, n == 0 ? _("To do") : "", "%s", said[n]);
                        n++;
                }
        }
        for (unsigned i = 0; i < n; i++)
                free(said[i]);
        if (n == 0)
                entry(page, 0, TONE_STRONG, _("To do"), "%s", report_status(report) == STATUS_FINE
                              ? _("Nothing: no fault was found.")
                              : _("No fault was found, but not everything could be tried."));
}

static void render_setting(Page *page, unsigned indent, const json_t *finding) {
        const char *setting = setting_text(report_text(finding, "setting")), *value = report_text(finding, "value");
        char *proposal = proposal_text(finding);

        if (*setting && *value)
                entry(page, indent, TONE_FAINT, _("Setting"), _("%s, now %s"), setting, value);
        else if (*setting)
                entry(page, indent, TONE_FAINT, _("Setting"), "%s", setting);
        if (proposal && *proposal)
                entry(page, indent, TONE_FAINT, _("Change"), "%s%s", proposal, proof_text(finding));
        free(proposal);
}

static void render_optional(Page *page, unsigned indent, const char *head, const char *text) {
        if (*text)
                entry(page, indent, TONE_FAINT, head, "%s", text);
}

/* What the server would have answered in the same way. */
static void render_alternatives(Page *page, unsigned indent, const json_t *finding) {
        size_t i;
        json_t *alternative;
        json_array_foreach(json_object_get(finding, "alternatives"), i, alternative)
                entry(page, indent, TONE_FAINT, i == 0 ? _("Or else") : "", "%s (%s)", report_text(alternative, "message"),
                      report_text(alternative, "code"));
}

static void render_code(Page *page, unsigned indent, const json_t *finding) {
        const char *standard = report_text(finding, "standard");
        entry(page, indent, TONE_FAINT, _("Code"), "%s%s%s%s", report_text(finding, "code"), *standard ? " (" : "",
              standard, *standard ? ")" : "");
}

/* A finding about several accounts has no one place; what finds settings is at no port. */
static void render_place(Page *page, unsigned indent, const json_t *finding) {
        if (*report_text(finding, "service") && report_number(finding, "port") > 0)
                entry(page, indent, TONE_FAINT, _("Where"), _("%s %s port %d"),
                      protocol_label(report_text(finding, "service")).text, report_text(finding, "host"),
                      (int) report_number(finding, "port"));
        else if (*report_text(finding, "service"))
                entry(page, indent, TONE_FAINT, _("Asked"), "%s", report_text(finding, "service"));
}

static bool is_shared(const json_t *finding) {
        return !strncmp(report_text(finding, "cause"), "shared.", strlen("shared."));
}

void render_finding(Page *page, const json_t *finding, bool derived, const Guide *guide) {
        const char *severity = report_text(finding, "severity");
        Tone tone = severity_tone(severity);
        unsigned indent = derived ? 4 : 2;
        char head[64];

        page_blank(page);
        snprintf(head, sizeof(head), "%s%s", page_mark(page, tone), severity_text(severity));
        entry(page, indent - 2, tone, head, "%s%s", derived ? _("Follows from it: ") : "",
              report_text(finding, "message"));
        render_place(page, indent, finding);
        if (is_shared(finding))
                entry(page, indent, TONE_FAINT, _("Cause"), _("what several accounts share, see above (%s)"),
                      report_text(finding, "cause"));
        render_setting(page, indent, finding);
        render_optional(page, indent, _("Seen"), report_text(finding, "evidence"));
        if (!derived) {
                render_optional(page, indent, _("Why"), report_text(finding, "meaning"));
                render_alternatives(page, indent, finding);
                render_optional(page, indent, _("To do"), report_text(finding, "hint"));
                render_place_in_app(page, indent, finding, guide);
                render_optional(page, indent, _("Who"), actor_text(report_text(finding, "actor")));
        }
        render_code(page, indent, finding);
}

static void render_findings(Page *page, const json_t *findings, const Guide *guide) {
        size_t i;
        json_t *finding;
        json_array_foreach((json_t *) findings, i, finding)
                render_finding(page, finding, is_derived(finding, findings), guide);
}

/* A job that did not come to its end says so: what follows is only what was seen until then. */
static void render_state(Page *page, const json_t *report) {
        static const Word states[] = {
                { "cancelled", N_("The diagnosis was cancelled; this is what was seen until then."), TONE_WARN },
                { "failed", N_("The diagnosis failed; this is what was seen until then."), TONE_BAD },
                { "timeout", N_("The time was up before the diagnosis was done; this is what was seen until then."),
                  TONE_WARN },
        };
        const Word *state = FIND_WORD(states, report_text(report, "state"));
        if (state)
                page_text(page, state->tone, _(state->text));
}

void render_report(Page *page, const json_t *report, const Guide *guide) {
        const json_t *findings = json_object_get(report, "findings");

        render_ability(page, json_object_get(report, "receive"), _("Whether mail can be received is not known."));
        render_ability(page, json_object_get(report, "send"), _("Whether mail can be sent is not known."));
        render_remedies(page, report);
        render_state(page, report);
        render_findings(page, findings, guide);

        size_t i;
        json_t *service;
        json_int_t now = report_number(report, "started-usec") + report_number(report, "elapsed-usec");
        json_array_foreach(json_object_get(report, "services"), i, service) {
                page_blank(page);
                render_service(page, service, now);
        }
        render_attempts(page, json_object_get(report, "attempts"));
}
