/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The statements of a file of preferences.
 *
 * One that is broken is left out, and reading goes on at the next line.  Only the preferences of mail are kept: a profile
 * has many more.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/sdk/own.h"
#include "prefs-token.h"
#include "prefs.h"

#define NAME_SIZE 256u

struct Prefs {
        size_t n, size;
        Pref *items;
};

void fault_format(const FaultSink *sink, unsigned file, unsigned line, const char *format, ...) {
        char text[512];
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(text, sizeof(text), format, arguments);
        va_end(arguments);
        sink->fault(sink->userdata, file, line, text);
}

/* ---- life ---- */

Prefs *prefs_new(void) {
        return calloc(1, sizeof(Prefs));
}

static void pref_done(Pref *pref) {
        free(pref->name);
        free(pref->text);
}

Prefs *prefs_free(Prefs *prefs) {
        for (size_t i = 0; prefs && i < prefs->n; i++)
                pref_done(&prefs->items[i]);
        if (prefs)
                free(prefs->items);
        free(prefs);
        return NULL;
}

static int keep(Prefs *prefs, Pref *pref) {
        if (strncmp(pref->name, "mail.", 5)) {
                pref_done(pref);
                return 0;
        }
        if (prefs->n == prefs->size) {
                size_t size = prefs->size ? prefs->size * 2 : 64;
                Pref *larger = reallocarray(prefs->items, size, sizeof(Pref));
                if (!larger) {
                        pref_done(pref);
                        return -ENOMEM;
                }
                prefs->items = larger;
                prefs->size = size;
        }
        pref->order = (uint32_t) prefs->n;
        prefs->items[prefs->n++] = *pref;
        return 0;
}

/* ---- one statement ---- */

static bool is_word(const char *word, size_t length, const char *wanted) {
        return strlen(wanted) == length && !strncmp(word, wanted, length);
}

static const char *take_truth(Scanner *scanner, Pref *pref) {
        const char *word;
        size_t length = scanner_word(scanner, &word);
        bool truth = is_word(word, length, "true");

        if (!truth && !is_word(word, length, "false"))
                return "a value is missing: a text in quotes, a number, true or false";
        pref->type = PREF_TRUTH;
        pref->number = truth;
        pref->text = strdup(truth ? "true" : "false");
        return NULL;
}

static const char *take_number(Scanner *scanner, Pref *pref) {
        const char *wrong = scanner_number(scanner, &pref->number);

        pref->type = PREF_NUMBER;
        if (!wrong && asprintf(&pref->text, "%d", pref->number) < 0)
                pref->text = NULL;
        return wrong;
}

static const char *take_value(Scanner *scanner, Pref *pref) {
        int c = scanner_peek(scanner);

        pref->type = PREF_TEXT;
        if (c == '"' || c == '\'')
                return scanner_text(scanner, &pref->text);
        return c == 't' || c == 'f' ? take_truth(scanner, pref) : take_number(scanner, pref);
}

/* Behind the value: ", locked" and the like. */
static const char *take_attributes(Scanner *scanner) {
        const char *word, *wrong = scanner_skip_space(scanner);

        while (!wrong && scanner_take(scanner, ',')) {
                wrong = scanner_skip_space(scanner);
                if (!wrong && scanner_word(scanner, &word) == 0)
                        wrong = "\",\" is followed by nothing";
                if (!wrong)
                        wrong = scanner_skip_space(scanner);
        }
        return wrong;
}

static const char *take_mark(Scanner *scanner, char mark, const char *missing) {
        const char *wrong = scanner_skip_space(scanner);

        if (wrong)
                return wrong;
        if (!scanner_take(scanner, mark))
                return missing;
        return scanner_skip_space(scanner);
}

/* From its first word to its ";".  Returns what is wrong; out of memory shows in a missing name or text. */
static const char *take_statement(Scanner *scanner, Pref *pref) {
        const char *word, *wrong;
        size_t length = scanner_word(scanner, &word);

        if (!is_word(word, length, "user_pref") && !is_word(word, length, "pref") && !is_word(word, length, "sticky_pref"))
                return "is no preference: user_pref(\"name\", value);";
        wrong = take_mark(scanner, '(', "\"(\" is missing");
        if (!wrong)
                wrong = scanner_text(scanner, &pref->name);
        if (!wrong && pref->name)
                wrong = take_mark(scanner, ',', "\",\" is missing behind the name");
        if (!wrong && pref->name)
                wrong = take_value(scanner, pref);
        if (!wrong && pref->text)
                wrong = take_attributes(scanner);
        if (!wrong && pref->text)
                wrong = take_mark(scanner, ')', "\")\" is missing");
        if (!wrong && pref->text && !scanner_take(scanner, ';'))
                wrong = "\";\" is missing";
        return wrong;
}

int prefs_read(Prefs *prefs, unsigned file, const char *text, size_t size, const FaultSink *faults) {
        Scanner scanner = { .text = text, .size = size, .line = 1 };

        if (size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
                scanner.at = 3;
        for (;;) {
                const char *wrong = scanner_skip_space(&scanner);
                if (!wrong && scanner_peek(&scanner) < 0)
                        return 0;
                Pref pref = { .line = scanner.line, .file = file };
                if (!wrong)
                        wrong = take_statement(&scanner, &pref);
                if (!wrong && pref.name && pref.text) {
                        if (keep(prefs, &pref) < 0)
                                return -ENOMEM;
                        continue;
                }
                pref_done(&pref);
                if (!wrong)
                        return -ENOMEM;
                faults->fault(faults->userdata, file, scanner.line, wrong);
                scanner_skip_line(&scanner);
        }
}

/* ---- look-ups ---- */

/* The last of a name comes first. */
static int compare(const void *a, const void *b) {
        const Pref *x = a, *y = b;
        int order = strcmp(x->name, y->name);
        return order ? order : x->order < y->order ? 1 : -1;
}

void prefs_sort(Prefs *prefs) {
        if (prefs->n > 1)
                qsort(prefs->items, prefs->n, sizeof(Pref), compare);
}

/* The first of those with a name. */
static size_t lower_bound(const Prefs *prefs, const char *name) {
        size_t from = 0, to = prefs->n;

        while (from < to) {
                size_t middle = from + (to - from) / 2;
                if (strcmp(prefs->items[middle].name, name) < 0)
                        from = middle + 1;
                else
                        to = middle;
        }
        return from;
}

const Pref *prefs_find(const Prefs *prefs, const char *format, ...) {
        char name[NAME_SIZE];
        va_list arguments;

        va_start(arguments, format);
        int length = vsnprintf(name, sizeof(name), format, arguments);
        va_end(arguments);
        if (length < 0 || (size_t) length >= sizeof(name))
                return NULL;
        size_t at = lower_bound(prefs, name);
        return at < prefs->n && !strcmp(prefs->items[at].name, name) ? &prefs->items[at] : NULL;
}
