/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What mail settings mean, for whoever never wanted to know: one page a topic. */

#include <stddef.h>

#include "page.h"

typedef struct GuideTopic {
        const char *id;                 /* "ports" */
        const char *title;              /* N_() */
        const struct GuideParagraph *paragraphs;        /* ends with an empty one */
} GuideTopic;

/* A head of NULL is a paragraph of its own. */
typedef struct GuideParagraph {
        const char *head;               /* N_(), or a name */
        const char *text;               /* N_() */
} GuideParagraph;

extern const GuideTopic guide_topics[];
extern const size_t n_guide_topics;

/* NULL when there is none of this name. */
const GuideTopic *guide_topic_find(const char *id);
void guide_topic_page(Page *page, const GuideTopic *topic);
/* The list of all. */
void guide_topics_page(Page *page);
