/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A dialogue script, read from its file.  The format is told in README.md. */

#include <stdbool.h>
#include <stddef.h>

#include "target.h"

typedef enum StepKind {
        STEP_SAY,               /* S:    the server says a line */
        STEP_HEAR,              /* C:    the client must say this line */
        STEP_HEAR_LIKE,         /* C~    the client must say a line like this */
        STEP_INJECT,
        STEP_RAW,
        STEP_REPEAT,
        STEP_FLOOD,
        STEP_DRIP,
        STEP_DELAY,
        STEP_TLS,
        STEP_STALL,
        STEP_CUT,
        STEP_CLOSE,
        STEP_RESET,
        STEP_CONNECTION,
} StepKind;

/* One line of the conversation.  The text is as written: see expand.h. */
typedef struct Step {
        StepKind kind;
        unsigned line;          /* in the file */
        unsigned number;        /* of REPEAT, DRIP and DELAY */
        const char *text;
} Step;

typedef enum ExpectKind {
        EXPECT_FINDING,         /* F: */
        EXPECT_NO_FINDING,      /* F! */
        EXPECT_NOTHING_WRONG,   /* N: */
        EXPECT_LOGIN,           /* L: */
        EXPECT_FACT,            /* V: */
        EXPECT_RECORD,          /* R: */
        EXPECT_NO_RECORD,       /* R! */
        EXPECT_SECRET,          /* P: */
} ExpectKind;

typedef struct Expect {
        ExpectKind kind;
        unsigned line;
        int security;           /* MdSecurity for which it holds, -1: any */
        const char *text;
} Expect;

typedef enum ScriptMode {
        MODE_WHOLE,
        MODE_BYTES,
        MODE_CUT,
        _MODE_MAX,
} ScriptMode;

#define SCRIPT_LINES_MAX 512u

typedef struct Script {
        char *path;
        char *name;             /* file name without ".txt" */
        char *content;          /* all texts point into it */

        const char *title;
        const char *plugin;
        const char *host;
        const char *certificate;        /* NULL: the server speaks no TLS by itself */
        const char *user, *secret, *address;    /* as written; NULL: not given */
        const char *mechanisms;
        const char *fails;      /* NULL, or what the runner has to say against the script */
        int security;           /* MdSecurity */
        int also;               /* MdSecurity, -1: none */
        int depth;              /* MdDepth */
        unsigned scale;
        bool token, allow_cleartext;
        bool modes[_MODE_MAX];

        Step steps[SCRIPT_LINES_MAX];
        size_t n_steps;
        Expect expects[SCRIPT_LINES_MAX];
        size_t n_expects;
} Script;

/* Reads a script.  Returns NULL and prints "file:line: what is wrong" to stderr when it cannot. */
Script *script_new(const char *path);
Script *script_free(Script *script);

/* The steps of the n-th connection, counted from 0; NULL when there is none. */
const Step *script_section(const Script *script, size_t n, size_t *ret_n_steps);
/* How often the first connection can be cut: once after each line of the server. */
unsigned script_cuts(const Script *script);
