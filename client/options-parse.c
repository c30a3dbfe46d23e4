/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The walk over the command line: words and options in any order, "--" ends the options.  getopt_long() is not used
 * because it accepts abbreviations (so that a new option can break a script), prints values that may be secrets,
 * and cannot say which value is missing.
 */

#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "i18n.h"
#include "nearest.h"
#include "options-apply.h"
#include "options.h"
#include "text.h"
#include "verb.h"

typedef struct Walk {
        int argc;
        char **argv;
        int at;                         /* the next argument */
        const Verb *const *verbs;
        const Verb *verb;
        bool *given;                    /* for each option of the table */
        Settings *settings;
} Walk;

static bool has_control_but(const char *text, const char *allowed) {
        for (const unsigned char *c = (const unsigned char *) text; *c; c++)
                if ((*c < 0x20 || *c == 0x7f) && !strchr(allowed, *c))
                        return true;
        return false;
}

static bool has_control(const char *text) {
        return has_control_but(text, "");
}

/* UTF-8 without C1 controls, which a terminal obeys as it does the others. */
static bool is_text(const char *text) {
        size_t size = strlen(text);
        for (size_t i = 0; i < size;) {
                uint32_t c;
                size_t length = md_utf8_decode(text + i, size - i, &c);
                if (length == 0 || (c >= 0x80 && c < 0xa0))
                        return false;
                i += length;
        }
        return true;
}

static int check_value(const Option *option, const char *value) {
        if (*value == '\0')
                return complain(STATUS_USAGE, _("--%s: its value is empty"), option->name);
        if (option->apply == apply_path)
                return 0;
        if (has_control(value))
                return complain(STATUS_USAGE, _("--%s: its value contains a control character"), option->name);
        if (!is_text(value))
                return complain(STATUS_USAGE, _("--%s: its value is not UTF-8 text"), option->name);
        return 0;
}

/* `value` is what stood after "=", or right after a letter; NULL: nothing. */
static int take_option(Walk *walk, const Option *option, const char *value) {
        if (option->apply == apply_refusal)
                return apply_refusal(walk->settings, option, NULL);
        if (!option->value && value)
                return complain(STATUS_USAGE, _("--%s takes no value"), option->name);
        if (option->value && !value && walk->at < walk->argc && strncmp(walk->argv[walk->at], "--", 2))
                value = walk->argv[walk->at++];
        if (option->value && !value)
                return complain(STATUS_USAGE, _("--%s needs a value: %s"), option->name, option->value);

        walk->given[option - options] = true;
        int r = value ? check_value(option, value) : 0;
        return r != 0 ? r : option->apply(walk->settings, option, value);
}

static int complain_unknown_option(const char *name, size_t length) {
        const char *known[64];
        size_t n = 0;
        for (size_t i = 0; i < n_options; i++)
                if (options[i].group && n < sizeof(known) / sizeof(known[0]))
                        known[n++] = options[i].name;

        char *word = strndup(name, length);
        char *nearest = word ? nearest_words(word, "--", known, n) : NULL;
        if (nearest && *nearest)
                complain(STATUS_USAGE, _("there is no option --%s; nearest: %s"), word, nearest);
        else if (word)
                complain(STATUS_USAGE, _("there is no option --%s; see maildiag --help"), word);
        free(nearest);
        free(word);
        return STATUS_USAGE;
}

/* The verb that options before it are meant for. */
static const Verb *verb_ahead(const Walk *walk) {
        for (int i = walk->at; i < walk->argc; i++)
                for (const Verb *const *verb = walk->verbs; *verb; verb++)
                        if (!strcmp((*verb)->name, walk->argv[i]))
                                return *verb;
        return NULL;
}

static int take_long(Walk *walk, const char *text) {
        size_t length = strcspn(text, "=");
        const Option *option = option_find(text, length, walk->verb ?: verb_ahead(walk));
        if (!option)
                return complain_unknown_option(text, length);
        return take_option(walk, option, text[length] == '=' ? text + length + 1 : NULL);
}

/* "-j", "-ja", "-uNAME": a letter that takes a value takes the rest. */
static int take_letters(Walk *walk, const char *letters) {
        for (; *letters; letters++) {
                const Option *option = option_find_letter(*letters);
                if (!option)
                        return complain(STATUS_USAGE, _("there is no option -%c; see maildiag --help"), *letters);
                const char *rest = option->value && letters[1] != '\0' ? letters + 1 : NULL;
                int r = take_option(walk, option, rest);
                if (r != 0 || rest)
                        return r;
        }
        return 0;
}

static int take_verb(Walk *walk, const char *word) {
        const char *known[32];
        size_t n = 0;
        for (const Verb *const *verb = walk->verbs; *verb; verb++) {
                if (!strcmp((*verb)->name, word)) {
                        walk->verb = *verb;
                        return 0;
                }
                if (n < sizeof(known) / sizeof(known[0]))
                        known[n++] = (*verb)->name;
        }
        char *nearest = nearest_words(word, "", known, n);
        if (nearest && *nearest)
                complain(STATUS_USAGE, _("there is no verb '%s'; nearest: %s"), word, nearest);
        else
                complain(STATUS_USAGE, _("there is no verb '%s'; see maildiag --help"), word);
        free(nearest);
        return STATUS_USAGE;
}

static int take_word(Walk *walk, const char *word) {
        const char *allowed = walk->verb && walk->verb->pasted ? "\t\r\n" : "";
        if (has_control_but(word, allowed) || !is_text(word))
                return complain(STATUS_USAGE, _("the argument '%s' contains a control character or is not UTF-8 text"),
                                word);
        if (!walk->verb)
                return take_verb(walk, word);
        if (walk->settings->n_words == walk->verb->n_words)
                return complain(STATUS_USAGE, _("%s: the argument '%s' is one too many"), walk->verb->name, word);
        walk->settings->words[walk->settings->n_words++] = word;
        return 0;
}

/* A POP3 server refuses with "-ERR", which somebody may paste. */
static bool is_option(const char *text) {
        return text[0] == '-' && text[1] != '\0' && strncmp(text, "-ERR", 4);
}

static int take_all(Walk *walk) {
        bool only_words = false;
        int r = 0;

        while (r == 0 && walk->at < walk->argc) {
                const char *text = walk->argv[walk->at++];
                if (only_words || !is_option(text))
                        r = take_word(walk, text);
                else if (text[1] != '-')
                        r = take_letters(walk, text + 1);
                else if (text[2] != '\0')
                        r = take_long(walk, text + 2);
                else
                        only_words = true;
        }
        return r;
}

/* Options may stand before the verb, so whether it takes them shows at the end. */
static int check_given(const Walk *walk) {
        for (size_t i = 0; walk->verb && i < n_options; i++)
                if (walk->given[i] && !(options[i].verbs & walk->verb->bit))
                        return complain(STATUS_USAGE, _("--%s does not belong to the verb %s"), options[i].name,
                                        walk->verb->name);
        return 0;
}

int options_parse(int argc, char *argv[], const Verb *const *verbs, Settings *settings, const Verb **ret_verb) {
        Walk walk = { .argc = argc, .argv = argv, .at = 1, .verbs = verbs, .settings = settings };

        *settings = (Settings) { .secret_fd = -1 };
        walk.given = calloc(n_options, sizeof(bool));
        if (!walk.given)
                return complain_oom();

        int r = take_all(&walk);
        if (r == 0)
                r = check_given(&walk);
        free(walk.given);
        if (r == 0)
                *ret_verb = walk.verb;
        return r;
}
