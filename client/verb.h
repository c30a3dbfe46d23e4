/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A verb of the command line: one constant descriptor each, one file each. */

#include "settings.h"

/* Bits that say in the table of options which verbs take one. */
enum {
        VERB_CHECK = 1 << 0,
        VERB_TEST = 1 << 1,
        VERB_EXPLAIN = 1 << 2,
        VERB_PLUGINS = 1 << 3,
        VERB_GUIDE = 1 << 4,
        VERB_HELP = 1 << 5,
        VERB_LIST = 1 << 6,
        VERB_SHOW = 1 << 7,
        VERB_STATUS = 1 << 8,
        VERB_WATCH = 1 << 9,
        VERB_MUTE = 1 << 10,
        VERB_RELOAD = 1 << 11,
        VERB_SETTINGS = 1 << 12,
        VERB_METRICS = 1 << 13,
        VERB_DISCOVER = 1 << 14,
        VERB_SOURCES = 1 << 15,
        VERB_IMPORT = 1 << 16,
        VERB_ACCOUNT = 1 << 17,

        VERB_SERVERS = VERB_CHECK | VERB_SETTINGS,       /* an address and its servers */
        VERB_DIAGNOSIS = VERB_CHECK | VERB_TEST | VERB_SETTINGS,
        VERB_ACCOUNTS = VERB_LIST | VERB_SHOW | VERB_STATUS | VERB_WATCH | VERB_MUTE | VERB_RELOAD | VERB_METRICS |
                        VERB_SOURCES | VERB_IMPORT | VERB_ACCOUNT,
        VERB_DAEMON = VERB_DIAGNOSIS | VERB_DISCOVER | VERB_EXPLAIN | VERB_PLUGINS | VERB_ACCOUNTS,      /* which ask one */
        VERB_ALL = VERB_DAEMON | VERB_GUIDE | VERB_HELP,
};

typedef struct Verb {
        const char *name;
        unsigned bit;
        size_t n_words;                 /* at most so many words follow it */
        bool pasted;                    /* a word may have several lines */
        const char *synopsis;           /* what follows its name in the help */
        const char *summary;            /* one line, begins with a verb */
        const char *description;        /* a paragraph or two for its own help */
        int (*run)(Settings *settings); /* returns the exit status */
} Verb;

/* All of them, ended by NULL. */
extern const Verb *const all_verbs[];

extern const Verb verb_discover;
extern const Verb verb_metrics;
extern const Verb verb_status;
extern const Verb verb_list;
extern const Verb verb_show;
extern const Verb verb_watch;
extern const Verb verb_mute;
extern const Verb verb_reload;
extern const Verb verb_account;
extern const Verb verb_sources;
extern const Verb verb_import;
extern const Verb verb_check;
extern const Verb verb_test;
extern const Verb verb_explain;
extern const Verb verb_plugins;
extern const Verb verb_guide;
extern const Verb verb_help;
extern const Verb verb_settings;
