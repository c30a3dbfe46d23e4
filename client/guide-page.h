/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Guides for a person, and as JSON. */

#include <jansson.h>

#include "guide.h"
#include "page.h"

/* Everything that a guide knows: each screen, and what stands on it. */
void guide_page(Page *page, const Guide *guide);
/* The list of all. */
void guide_page_list(Page *page, Guide *const *guides, size_t n);
/* Numbered steps under a heading of their own. */
void guide_page_steps(Page *page, const Guide *guide, const json_t *steps, bool unverified);

/* The guide as an object; NULL when out of memory. */
json_t *guide_json(const Guide *guide);
/* Its id, name and platform only. */
json_t *guide_json_head(const Guide *guide);
