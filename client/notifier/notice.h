/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a notification says, and how a server gets to see it. */

#include <stdbool.h>
#include <stdint.h>

#define NOTICE_SUMMARY_MAX 40u          /* characters; what is longer is cut by some server */

typedef enum NoticeUrgency {
        NOTICE_LOW,
        NOTICE_NORMAL,
        NOTICE_CRITICAL,
} NoticeUrgency;

typedef struct Notice {
        char *summary;                  /* plain text */
        char *todo;                     /* the thing to do, its point in the first 80 characters; NULL: nothing */
        char *what;                     /* what is wrong; NULL: nothing more to say */
        char *more;                     /* how to read on, for servers without actions; NULL: nothing to read */
        const char *icon;               /* name in the icon theme */
        NoticeUrgency urgency;
        bool transient;                 /* goes by itself, and is kept in no list */
} Notice;

/* What a server says that it can do. */
typedef struct NoticeCapabilities {
        bool body;
        bool markup;
        bool actions;
} NoticeCapabilities;

Notice *notice_free(Notice *notice);
/* What a person reads of it, in one string, to see whether that has changed.  NULL when out of memory. */
char *notice_text(const Notice *notice);
/* Reads one word of GetCapabilities. */
void notice_capability(NoticeCapabilities *capabilities, const char *word);

/* The two texts as they are sent.  New strings, NULL when out of memory. */
char *notice_summary(const Notice *notice, const NoticeCapabilities *capabilities);
char *notice_body(const Notice *notice, const NoticeCapabilities *capabilities);
