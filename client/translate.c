/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Translations of reports, by code and parameters. */

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "config.h"
#include "i18n.h"
#include "report.h"
#include "translate.h"

void translate_init(void) {
        setlocale(LC_ALL, "");
        bindtextdomain(MAILDIAG_TEXTDOMAIN, secure_getenv("MAILDIAG_LOCALEDIR") ?: MAILDIAG_LOCALEDIR);
        textdomain(MAILDIAG_TEXTDOMAIN);
}

/* The empty text is the header of a catalogue of translations: it says something as soon as there is one. */
bool translate_is_active(void) {
        static const char header[] = "";
        return *gettext(header) != '\0';
}

const char *translate(const char *text) {
        return *text ? gettext(text) : text;
}

char *translate_list(const char *text) {
        const char *whole = translate(text);
        char *list = NULL, *copy = strdup(text), *rest = copy;
        size_t size;
        FILE *stream = whole == text && copy ? open_memstream(&list, &size) : NULL;

        for (char *part = rest; stream && rest; part = rest) {
                char *end = strstr(part, ", ");
                rest = end ? end + 2 : NULL;
                if (end)
                        *end = '\0';
                fprintf(stream, "%s%s", part == copy ? "" : ", ", translate(part));
        }
        if (stream)
                fclose(stream);
        free(copy);
        return stream ? list : strdup(whole);
}

/* ---- filling in ---- */

/* Values that are words of the program itself, not names or what a server said. */
static bool is_worded(const char *key) {
        static const char *const keys[] = { "what", "rule", "reason", "purposes", "setting" };
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
                if (!strcmp(keys[i], key))
                        return true;
        return false;
}

static void print_value(FILE *stream, const char *key, const json_t *value) {
        char *text = json_is_array(value) ? report_join(value, ", ") :
                     json_is_string(value) && is_worded(key) ? translate_list(json_string_value(value)) : NULL;

        if (text || json_is_string(value))
                fputs(text ?: json_string_value(value), stream);
        else if (json_is_integer(value))
                fprintf(stream, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        else if (json_is_boolean(value))
                fputs(json_is_true(value) ? _("yes") : _("no"), stream);
        else
                fputc('?', stream);
        free(text);
}

char *translate_fill(const char *text, const json_t *params) {
        char *filled = NULL, key[64];
        size_t size;
        FILE *stream = open_memstream(&filled, &size);
        if (!stream)
                return NULL;

        while (*text) {
                size_t plain = strcspn(text, "{"), length = text[plain] ? strcspn(text + plain + 1, "}") : 0;
                fwrite(text, 1, plain, stream);
                text += plain;
                if (!*text)
                        break;
                snprintf(key, sizeof(key), "%.*s", (int) (length < sizeof(key) ? length : sizeof(key) - 1), text + 1);
                print_value(stream, key, json_object_get(params, key));
                text += 1 + length;
                text += *text == '}';
        }
        fclose(stream);
        return filled;
}

/* ---- findings ---- */

/* The entries of the catalogue, each asked for once. */
typedef struct Entries {
        Call *call;
        json_t *known;                  /* by code; null where the daemon has none */
        int status;                     /* of the first call that failed */
} Entries;

static const json_t *find_entry(void *userdata, const char *code) {
        Entries *entries = userdata;
        json_t *entry = json_object_get(entries->known, code);

        if (entry || entries->status != 0)
                return entry;
        int status = call_explain(entries->call, code, "", &entry);
        if (status == STATUS_NO_INPUT)
                entry = json_null();
        else if (status != 0) {
                entries->status = status;
                return NULL;
        }
        json_object_set_new(entries->known, code, entry);
        return entry;
}

static void set_text(json_t *object, const char *key, const json_t *entry, const char *entry_key, const json_t *params) {
        const char *template = report_text(entry, entry_key);
        char *text = *template ? translate_fill(translate(template), params) : NULL;

        if (text)
                json_object_set_new(object, key, json_string(text));
        free(text);
}

static void translate_finding(json_t *finding, TranslateLookup lookup, void *userdata) {
        json_t *params = json_object_get(finding, "params"), *alike = json_copy(params);
        const json_t *entry = lookup(userdata, report_text(finding, "code"));
        size_t i;
        json_t *alternative;

        set_text(finding, "message", entry, "title", params);
        set_text(finding, "meaning", entry, "meaning", params);
        set_text(finding, "hint", entry, "remedy", params);
        /* What is not known in a text about something else, as the daemon has it. */
        if (!json_object_get(alike, "value"))
                json_object_set(alike, "value", json_object_get(params, "username"));
        if (!json_object_get(alike, "suggested"))
                json_object_set_new(alike, "suggested", json_string("..."));
        json_array_foreach(json_object_get(finding, "alternatives"), i, alternative)
                set_text(alternative, "message", lookup(userdata, report_text(alternative, "code")), "title", alike);
        json_decref(alike);
}

void translate_findings(json_t *findings, TranslateLookup lookup, void *userdata) {
        size_t i;
        json_t *finding;
        json_array_foreach(findings, i, finding)
                translate_finding(finding, lookup, userdata);
}

/* ---- the two verdicts ---- */

/* The finding that decides a verdict: that of its code whose words the sentence holds. */
static json_t *cause_of(const json_t *report, const json_t *ability) {
        size_t i;
        json_t *finding;
        json_array_foreach(json_object_get(report, "findings"), i, finding)
                if (!strcmp(report_text(finding, "code"), report_text(ability, "cause")) &&
                    strstr(report_text(ability, "text"), report_text(finding, "message")))
                        return finding;
        return NULL;
}

static void translate_ability(json_t *ability, const char *broken, const json_t *cause) {
        char *text = NULL;

        if (cause && asprintf(&text, broken, report_text(cause, "message")) < 0)
                return;
        json_object_set_new(ability, "text", json_string(text ?: translate(report_text(ability, "text"))));
        free(text);
}

static void translate_one(Entries *entries, json_t *report) {
        json_t *receive = json_object_get(report, "receive"), *send = json_object_get(report, "send");
        const json_t *receive_cause = cause_of(report, receive), *send_cause = cause_of(report, send);

        translate_findings(json_object_get(report, "findings"), find_entry, entries);
        translate_ability(receive, _("Receiving mail does not work: %s."), receive_cause);
        translate_ability(send, _("Sending mail does not work: %s."), send_cause);
}

int translate_report(Call *call, json_t *document) {
        Entries entries = { .call = call, .known = json_object() };
        json_t *reports = json_object_get(document, "reports"), *report;
        size_t i;

        if (!translate_is_active() || !entries.known) {
                json_decref(entries.known);
                return 0;
        }
        if (!reports)
                translate_one(&entries, document);
        else
                translate_findings(json_object_get(document, "findings"), find_entry, &entries);
        json_array_foreach(reports, i, report)
                translate_one(&entries, report);
        json_decref(entries.known);
        return entries.status;
}
