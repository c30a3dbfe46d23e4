/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The options of the command line, as one table: what parses them, what explains them. */

#include <stddef.h>

#include "settings.h"

typedef struct Verb Verb;
typedef struct Option Option;

/* Takes the value of an option into the settings.  Returns 0, or an exit status after having said what is wrong. */
typedef int (*OptionApply)(Settings *settings, const Option *option, const char *value);

struct Option {
        const char *name;               /* without dashes */
        char letter;                    /* 0: none */
        unsigned verbs;                 /* bits of verb.h */
        const char *group;              /* heading in the help; NULL: not shown there */
        const char *value;              /* how the help calls its value; NULL: it takes none */
        const char *help;
        OptionApply apply;
        size_t offset;                  /* member of Settings that it fills */
        const char *const *choices;     /* the only values, for apply_choice */
        int arg;                        /* meaning is apply's */
};

extern const Option options[];
extern const size_t n_options;

/* NULL when no option has the name; where several have it, the one that belongs to the verb (NULL: not known). */
const Option *option_find(const char *name, size_t length, const Verb *verb);
const Option *option_find_letter(char letter);

/* Reads the command line.  `verbs` is a NULL-terminated table; ret_verb is NULL when none was named.  Returns 0, or
 * an exit status after having said what is wrong; settings_done() is the caller's in any case. */
int options_parse(int argc, char *argv[], const Verb *const *verbs, Settings *settings, const Verb **ret_verb);

/* Help, made from the tables, on the standard output: of all, or of one verb. */
void options_help(const Verb *const *verbs);
void options_help_verb(const Verb *verb);
