/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A guide as a page: a side after the other, a screen after the other, the labels on it. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guide-page.h"
#include "guide-steps.h"
#include "i18n.h"

#define COLUMN 24

typedef struct Sheet {
        Page *page;
        const Guide *guide;
        bool printed[GUIDE_ROWS_MAX];
        bool unverified;
} Sheet;

static void print_note(Page *page, const char *note) {
        char *text = note ? guide_path_text(note) : NULL;
        if (text)
                page_text(page, TONE_PLAIN, text);
        free(text);
}

/* ": SSL/TLS | STARTTLS | None" after a label. */
static void print_words(FILE *stream, const GuideRow *row, bool follows) {
        for (size_t i = 0; i < row->n_words; i++)
                fprintf(stream, "%s%s", i > 0 ? " | " : follows ? ": " : "", row->words[i].text);
}

/* What stands before the values: a label, or the line of a file that is more than its value. */
static char *row_head(const GuideRow *row) {
        if (row->line && strcmp(row->line, "{value}"))
                return guide_line_text(row, NULL);
        return strdup(row->label ?: "");
}

static char *row_text(Sheet *sheet, const GuideRow *row) {
        char *text = NULL, *head = row_head(row);
        size_t size;
        FILE *stream = open_memstream(&text, &size);

        if (stream) {
                fputs(head ?: "", stream);
                print_words(stream, row, head && *head);
                if (!row->sourced && (row->line || row->label))
                        fputs(_(" (unverified)"), stream);
                if (row->note)
                        fprintf(stream, "%s%s", row->line || row->label ? ". " : "", row->note);
                fclose(stream);
        }
        sheet->unverified = sheet->unverified || !guide_row_is_sourced(row);
        free(head);
        return text;
}

static void print_row(Sheet *sheet, size_t i) {
        const GuideRow *row = &sheet->guide->rows[i];
        char *text = row_text(sheet, row);
        if (text)
                page_entry(sheet->page, 2, TONE_FAINT, _(row->setting->title), COLUMN, text);
        free(text);
        sheet->printed[i] = true;
}

static void print_screen(Sheet *sheet, const GuideScreen *screen) {
        char *path = guide_path_text(screen->path);
        page_blank(sheet->page);
        page_textf(sheet->page, TONE_PLAIN, "%s%s", path ?: "", screen->sourced ? "" : _(" (unverified)"));
        print_note(sheet->page, screen->note);
        free(path);
}

/* The rows of a side in the order of the file, those of one screen together. */
static void print_side(Sheet *sheet, GuideSide side, const char *heading) {
        const Guide *guide = sheet->guide;
        bool begun = false;

        for (size_t i = 0; i < guide->n_rows; i++) {
                if (sheet->printed[i] || guide->rows[i].setting->side != side)
                        continue;
                if (!begun) {
                        page_blank(sheet->page);
                        page_text(sheet->page, TONE_STRONG, heading);
                }
                if (guide->rows[i].screen)
                        print_screen(sheet, guide->rows[i].screen);
                else if (!begun)
                        page_blank(sheet->page);
                begun = true;
                for (size_t j = i; j < guide->n_rows; j++)
                        if (!sheet->printed[j] && guide->rows[j].setting->side == side &&
                            guide->rows[j].screen == guide->rows[i].screen)
                                print_row(sheet, j);
        }
}

static void print_sources(Sheet *sheet) {
        const Guide *guide = sheet->guide;

        page_blank(sheet->page);
        if (sheet->unverified)
                page_text(sheet->page, TONE_PLAIN, _("(unverified): no source that could be read shows it; it may be called "
                                                     "otherwise in your version."));
        for (size_t i = 0; i < guide->n_sources; i++)
                page_entry(sheet->page, 0, TONE_FAINT, i == 0 ? _("Source") : "", COLUMN, guide->sources[i].text);
}

void guide_page(Page *page, const Guide *guide) {
        Sheet sheet = { .page = page, .guide = guide };

        page_textf(page, TONE_STRONG, "%s, %s", guide->name, guide->platform);
        print_note(page, guide->note);
        print_side(&sheet, GUIDE_IN, _("Receiving mail"));
        print_side(&sheet, GUIDE_OUT, _("Sending mail"));
        print_side(&sheet, GUIDE_ELSE, _("More"));
        print_sources(&sheet);
}

void guide_page_list(Page *page, Guide *const *guides, size_t n) {
        for (size_t i = 0; i < n; i++)
                page_entryf(page, 2, TONE_STRONG, guides[i]->id, COLUMN, "%s, %s", guides[i]->name, guides[i]->platform);
}

void guide_page_steps(Page *page, const Guide *guide, const json_t *steps, bool unverified) {
        size_t i;
        json_t *step;

        page_textf(page, TONE_STRONG, "%s, %s", guide->name, guide->platform);
        json_array_foreach((json_t *) steps, i, step) {
                char number[24];
                snprintf(number, sizeof(number), "%zu.", i + 1);
                page_entry(page, 0, TONE_PLAIN, number, 4, json_string_value(step) ?: "");
        }
        if (unverified)
                page_text(page, TONE_PLAIN, _("(unverified): no source that could be read shows it; it may be called "
                                              "otherwise in your version."));
}

static json_t *optional(const char *text) {
        return text ? json_string(text) : NULL;
}

static json_t *words_json(const GuideRow *row) {
        json_t *object = row->n_words > 0 ? json_object() : NULL;
        for (size_t i = 0; object && i < row->n_words; i++)
                json_object_set_new(object, row->words[i].word, json_string(row->words[i].text));
        return object;
}

static const GuideSource *row_source(const GuideRow *row) {
        return row->source ?: row->screen ? row->screen->source : NULL;
}

static json_t *row_json(const GuideRow *row) {
        const GuideSource *source = row_source(row);
        return json_pack("{s:s, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:s}", "setting", row->setting->key,
                         "path", optional(row->screen ? row->screen->path : NULL), "label", optional(row->label),
                         "line", optional(row->line), "values", words_json(row), "note", optional(row->note),
                         "source", optional(source ? source->text : NULL),
                         "status", guide_row_is_sourced(row) ? "sourced" : "unverified");
}

json_t *guide_json_head(const Guide *guide) {
        return json_pack("{s:s, s:s, s:s}", "id", guide->id, "name", guide->name, "platform", guide->platform);
}

json_t *guide_json(const Guide *guide) {
        json_t *object = guide_json_head(guide), *rows = json_array();

        for (size_t i = 0; i < guide->n_rows; i++)
                json_array_append_new(rows, row_json(&guide->rows[i]));
        json_object_set_new(object, "protocols", json_string(guide->protocols));
        if (guide->file)
                json_object_set_new(object, "file", json_string(guide->file));
        if (guide->note)
                json_object_set_new(object, "note", json_string(guide->note));
        json_object_set_new(object, "settings", rows);
        return object;
}
