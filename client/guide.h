/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Where a mail app keeps its settings: one file of data an app (client/guides/README.md tells the form). */

#include <stdbool.h>
#include <stddef.h>

#define GUIDE_SOURCES_MAX 8u
#define GUIDE_SCREENS_MAX 16u
#define GUIDE_ROWS_MAX 32u
#define GUIDE_WORDS_MAX 6u
#define GUIDE_TEXT_MAX 65536u           /* bytes of a file */

typedef enum GuideSide {
        GUIDE_IN,                       /* receiving: IMAP or POP3 */
        GUIDE_OUT,                      /* sending: SMTP */
        GUIDE_ELSE,
} GuideSide;

/* A setting that a guide can tell about. */
typedef struct GuideSetting {
        const char *key;                /* in the files: "in.port" */
        GuideSide side;
        const char *name;               /* in reports and on the command line: "port" */
        const char *title;              /* for a person; N_() */
} GuideSetting;

/* Ends with a NULL key; in the order in which a person is told. */
extern const GuideSetting guide_settings[];

typedef struct GuideSource {
        const char *id;
        const char *text;               /* an address, or what was read */
} GuideSource;

/* A place in the app. */
typedef struct GuideScreen {
        const char *id;
        const char *path;               /* labels with " > " between, as the app shows them */
        const char *note;               /* NULL: none */
        const GuideSource *source;      /* NULL: none was found */
        bool sourced;                   /* the source says so */
} GuideScreen;

/* What the app calls a value: "tls" is "SSL/TLS". */
typedef struct GuideWord {
        const char *word;
        const char *text;
} GuideWord;

typedef struct GuideRow {
        const GuideSetting *setting;
        const GuideScreen *screen;      /* NULL: nowhere, or a line in the file */
        const char *label;              /* of the field; NULL: the screen itself */
        const char *line;               /* for a file: "port {value}" */
        const char *note;
        GuideWord words[GUIDE_WORDS_MAX];
        size_t n_words;
        const GuideSource *source;
        bool sourced;                   /* the label; the place is the screen's to answer for */
} GuideRow;

typedef struct Guide {
        char *text;                     /* owned: everything here points into it */
        char *id;                       /* owned: "outlook-ios" */
        const char *name;
        const char *platform;
        const char *protocols;          /* what it receives with: "imap pop3" */
        const char *also;               /* other ids, with spaces between; NULL: none */
        const char *file;               /* a program whose settings are lines of this file; NULL: an app */
        const char *note;
        GuideSource sources[GUIDE_SOURCES_MAX];
        GuideScreen screens[GUIDE_SCREENS_MAX];
        GuideRow rows[GUIDE_ROWS_MAX];
        size_t n_sources, n_screens, n_rows;
} Guide;

typedef struct GuideProblem {
        unsigned line;                  /* from 1; 0: the whole file */
        const char *text;               /* N_() */
} GuideProblem;

/*
 * Reads a guide from the text of a file.  `language` ("vi") chooses among the forms of a text; where a text has no
 * form in it, the plain one counts.  Returns 0, -ENOMEM, or -EINVAL with the problem told.
 */
int guide_parse(const char *id, const char *text, size_t size, const char *language, Guide **ret,
                GuideProblem *ret_problem);
Guide *guide_free(Guide *guide);

/* NULL when the guide has none. */
const GuideRow *guide_row(const Guide *guide, GuideSide side, const char *name);
/* Whether sources support the row and the screen that it is on. */
bool guide_row_is_sourced(const GuideRow *row);
/* What the app calls a value; the value itself when the guide does not say. */
const char *guide_word(const GuideRow *row, const char *value);

/* The setting of a side by its name in reports; NULL when there is none. */
const GuideSetting *guide_setting(GuideSide side, const char *name);
/* The side of a protocol: "smtp" sends, others receive. */
GuideSide guide_side(const char *protocol);
