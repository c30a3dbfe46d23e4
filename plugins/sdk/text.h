/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Text from strangers, made harmless: one sanitiser for everything that leaves a probe or reaches a person. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Makes `size` bytes fit for a terminal, a journal, a bus message and JSON: valid UTF-8 on one line.  Bad bytes,
 * C0 and C1 controls, bidirectional and zero-width controls, tag and private-use characters each become U+FFFD
 * (a tab becomes a space); runs of more than four combining marks are cut; what exceeds `max` bytes is cut at a
 * character and ended with "…".  Returns a new string, NULL when out of memory.
 */
char *md_text_clean(const char *text, size_t size, size_t max);

/* Whether md_text_clean() would change nothing. */
bool md_text_is_clean(const char *text, size_t size);

/* One UTF-8 character at `text`: its length, or 0 when the bytes are not one (overlong forms, surrogates). */
size_t md_utf8_decode(const char *text, size_t size, uint32_t *ret_char);

/* Case-insensitive comparison of ASCII words, without regard to locale. */
bool md_word_equal(const char *a, const char *b);
