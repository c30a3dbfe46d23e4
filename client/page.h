/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Where text for people is written: knows the width, whether there are colours, and lets nothing through that a
 * terminal would obey. */

#include <stdbool.h>
#include <stdio.h>

typedef enum Tone {
        TONE_PLAIN,
        TONE_STRONG,
        TONE_FAINT,
        TONE_GOOD,
        TONE_WARN,
        TONE_BAD,
} Tone;

typedef struct Page {
        FILE *out;
        unsigned width;                 /* columns */
        bool colour;
        bool glyphs;                    /* ✔ ✖ besides the words */
} Page;

/* `colour` is "always", "never", or "auto" (also NULL): on a terminal, unless NO_COLOR is set (no-color.org). */
void page_init(Page *page, FILE *out, const char *colour);

void page_blank(Page *page);
/* One paragraph, wrapped. */
void page_text(Page *page, Tone tone, const char *text);
void page_textf(Page *page, Tone tone, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* `head` at `indent`, and `text` from `column` on, wrapped there; a head that is too long has a line of its own. */
void page_entry(Page *page, unsigned indent, Tone tone, const char *head, unsigned column, const char *text);
void page_entryf(Page *page, unsigned indent, Tone tone, const char *head, unsigned column, const char *format, ...)
        __attribute__((format(printf, 6, 7)));
/* A row of a table: `head`, and `row` from `column` on as it is, not wrapped. */
void page_row(Page *page, unsigned indent, Tone tone, const char *head, unsigned column, const char *row);

/* The sign of a tone: "✔ ", "✖ ", "! ", or "" where there are no glyphs. */
const char *page_mark(const Page *page, Tone tone);

/* Columns that UTF-8 text takes on a terminal. */
unsigned text_width(const char *text);
/* Columns of the terminal behind a descriptor; COLUMNS or 80 when it is none. */
unsigned terminal_width(int fd);
