/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads the text of a guide: sections, and keys with values.  No I/O; a wrong line is named. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guide.h"
#include "i18n.h"
#include "text.h"

typedef enum Place {
        PLACE_NONE,
        PLACE_APP,
        PLACE_SOURCE,
        PLACE_SCREEN,
        PLACE_ROW,
} Place;

typedef struct Walk {
        Guide *guide;
        const char *language;
        Place place;
        const char *problem;
} Walk;

typedef struct Key {
        const char *name;
        Place place;
        size_t offset;                  /* of the text in what the place fills */
} Key;

static const Key keys[] = {
        { "name", PLACE_APP, offsetof(Guide, name) },
        { "platform", PLACE_APP, offsetof(Guide, platform) },
        { "protocols", PLACE_APP, offsetof(Guide, protocols) },
        { "also", PLACE_APP, offsetof(Guide, also) },
        { "file", PLACE_APP, offsetof(Guide, file) },
        { "note", PLACE_APP, offsetof(Guide, note) },
        { "text", PLACE_SOURCE, offsetof(GuideSource, text) },
        { "path", PLACE_SCREEN, offsetof(GuideScreen, path) },
        { "note", PLACE_SCREEN, offsetof(GuideScreen, note) },
        { "label", PLACE_ROW, offsetof(GuideRow, label) },
        { "line", PLACE_ROW, offsetof(GuideRow, line) },
        { "note", PLACE_ROW, offsetof(GuideRow, note) },
};

static int fail(Walk *walk, const char *problem) {
        walk->problem = problem;
        return -EINVAL;
}

/* The struct that the present section fills: the last one of its kind. */
static void *filled(const Walk *walk) {
        Guide *guide = walk->guide;
        switch (walk->place) {
        case PLACE_NONE:
        case PLACE_APP:
                return guide;
        case PLACE_SOURCE:
                return &guide->sources[guide->n_sources - 1];
        case PLACE_SCREEN:
                return &guide->screens[guide->n_screens - 1];
        case PLACE_ROW:
                return &guide->rows[guide->n_rows - 1];
        }
        return guide;
}

static const GuideSource *find_source(const Guide *guide, const char *id) {
        for (size_t i = 0; i < guide->n_sources; i++)
                if (!strcmp(guide->sources[i].id, id))
                        return &guide->sources[i];
        return NULL;
}

static const GuideScreen *find_screen(const Guide *guide, const char *id) {
        for (size_t i = 0; i < guide->n_screens; i++)
                if (!strcmp(guide->screens[i].id, id))
                        return &guide->screens[i];
        return NULL;
}

static int begin_source(Walk *walk, const char *id) {
        Guide *guide = walk->guide;
        if (guide->n_sources == GUIDE_SOURCES_MAX)
                return fail(walk, N_("there are too many sources"));
        if (find_source(guide, id))
                return fail(walk, N_("there is a source of this name already"));
        guide->sources[guide->n_sources++] = (GuideSource) { .id = id };
        walk->place = PLACE_SOURCE;
        return 0;
}

static int begin_screen(Walk *walk, const char *id) {
        Guide *guide = walk->guide;
        if (guide->n_screens == GUIDE_SCREENS_MAX)
                return fail(walk, N_("there are too many screens"));
        if (find_screen(guide, id))
                return fail(walk, N_("there is a screen of this name already"));
        guide->screens[guide->n_screens++] = (GuideScreen) { .id = id };
        walk->place = PLACE_SCREEN;
        return 0;
}

static int begin_row(Walk *walk, const char *key) {
        Guide *guide = walk->guide;
        const GuideSetting *setting = guide_settings;
        while (setting->key && strcmp(setting->key, key))
                setting++;
        if (!setting->key)
                return fail(walk, N_("there is no such setting"));
        if (guide_row(guide, setting->side, setting->name))
                return fail(walk, N_("this setting was told already"));
        if (guide->n_rows == GUIDE_ROWS_MAX)
                return fail(walk, N_("there are too many settings"));
        guide->rows[guide->n_rows++] = (GuideRow) { .setting = setting };
        walk->place = PLACE_ROW;
        return 0;
}

static int begin(Walk *walk, char *line) {
        size_t length = strlen(line);
        if (line[length - 1] != ']')
                return fail(walk, N_("the closing bracket is missing"));
        line[length - 1] = '\0';

        char *word = line + 1, *space = strchr(word, ' ');
        if (space)
                *space++ = '\0';
        if (!space && !strcmp(word, "app")) {
                walk->place = PLACE_APP;
                return 0;
        }
        if (space && *space != '\0' && !strcmp(word, "source"))
                return begin_source(walk, space);
        if (space && *space != '\0' && !strcmp(word, "screen"))
                return begin_screen(walk, space);
        return space ? fail(walk, N_("there is no such section")) : begin_row(walk, word);
}

/* "value.tls": what the app calls it. */
static int take_word(Walk *walk, const char *word, const char *text) {
        GuideRow *row = filled(walk);
        for (size_t i = 0; i < row->n_words; i++)
                if (!strcmp(row->words[i].word, word)) {
                        row->words[i].text = text;
                        return 0;
                }
        if (row->n_words == GUIDE_WORDS_MAX)
                return fail(walk, N_("there are too many values"));
        row->words[row->n_words++] = (GuideWord) { word, text };
        return 0;
}

static int take_source(Walk *walk, const char *id) {
        const GuideSource *source = find_source(walk->guide, id);
        if (!source)
                return fail(walk, N_("there is no source of this name above"));
        if (walk->place == PLACE_SCREEN)
                ((GuideScreen *) filled(walk))->source = source;
        else
                ((GuideRow *) filled(walk))->source = source;
        return 0;
}

static int take_screen(Walk *walk, const char *id) {
        GuideRow *row = filled(walk);
        row->screen = find_screen(walk->guide, id);
        return row->screen ? 0 : fail(walk, N_("there is no screen of this name above"));
}

static int take_status(Walk *walk, const char *status) {
        bool sourced = !strcmp(status, "sourced");
        if (!sourced && strcmp(status, "unverified"))
                return fail(walk, N_("a status is sourced or unverified"));
        if (walk->place == PLACE_SCREEN)
                ((GuideScreen *) filled(walk))->sourced = sourced;
        else
                ((GuideRow *) filled(walk))->sourced = sourced;
        return 0;
}

static int take(Walk *walk, const char *key, char *value) {
        bool placed = walk->place == PLACE_SCREEN || walk->place == PLACE_ROW;

        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
                if (keys[i].place == walk->place && !strcmp(keys[i].name, key)) {
                        *(const char **) ((char *) filled(walk) + keys[i].offset) = value;
                        return 0;
                }
        if (walk->place == PLACE_ROW && !strncmp(key, "value.", 6) && key[6] != '\0')
                return take_word(walk, key + 6, value);
        if (walk->place == PLACE_ROW && !strcmp(key, "screen"))
                return take_screen(walk, value);
        if (placed && !strcmp(key, "source"))
                return take_source(walk, value);
        if (placed && !strcmp(key, "status"))
                return take_status(walk, value);
        return fail(walk, N_("this key does not belong here"));
}

/* Cuts ".vi" off; NULL when the key has no language.  Other words after a dot have more letters. */
static const char *cut_language(char *key) {
        char *dot = strrchr(key, '.');
        if (!dot || strlen(dot) != 3 || strspn(dot + 1, "abcdefghijklmnopqrstuvwxyz") != 2)
                return NULL;
        *dot = '\0';
        return dot + 1;
}

static char *trim(char *text) {
        text += strspn(text, " \t");
        for (size_t length = strlen(text); length > 0 && strchr(" \t\r", text[length - 1]); length--)
                text[length - 1] = '\0';
        return text;
}

static int take_line(Walk *walk, char *line) {
        line = trim(line);
        if (*line == '\0' || *line == '#')
                return 0;
        if (!md_text_is_clean(line, strlen(line)))
                return fail(walk, N_("it contains a control character or is not UTF-8 text"));
        if (*line == '[')
                return begin(walk, line);

        char *value = strchr(line, '=');
        if (!value)
                return fail(walk, N_("a line is a section in brackets, or a key and a value with = between"));
        *value++ = '\0';
        char *key = trim(line);
        value = trim(value);
        if (*value == '\0')
                return fail(walk, N_("the value is missing"));

        const char *language = cut_language(key);
        if (language && strcmp(language, walk->language))
                return 0;
        return take(walk, key, value);
}

/* What must be there when all lines were read. */
static const char *missing(const Guide *guide) {
        if (!guide->name || !guide->platform || !guide->protocols)
                return N_("name, platform and protocols of the app must be told");
        for (size_t i = 0; i < guide->n_sources; i++)
                if (!guide->sources[i].text)
                        return N_("a source has no text");
        for (size_t i = 0; i < guide->n_screens; i++)
                if (!guide->screens[i].path || (guide->screens[i].sourced && !guide->screens[i].source))
                        return N_("a screen has no path, or is called sourced without a source");
        for (size_t i = 0; i < guide->n_rows; i++) {
                const GuideRow *row = &guide->rows[i];
                if (!row->screen && !row->label && !row->line && !row->note)
                        return N_("a setting has neither screen nor label nor line nor note");
                if (row->sourced && !row->source && !(row->screen && row->screen->source))
                        return N_("a setting is called sourced without a source");
        }
        return NULL;
}

static int take_all(Walk *walk, unsigned *ret_line) {
        char *next = walk->guide->text;

        for (*ret_line = 1; next; ++*ret_line) {
                char *line = next;
                next = strchr(line, '\n');
                if (next)
                        *next++ = '\0';
                int r = take_line(walk, line);
                if (r < 0)
                        return r;
        }
        *ret_line = 0;
        walk->problem = missing(walk->guide);
        return walk->problem ? -EINVAL : 0;
}

int guide_parse(const char *id, const char *text, size_t size, const char *language, Guide **ret,
                GuideProblem *ret_problem) {
        *ret_problem = (GuideProblem) { 0 };
        if (size > GUIDE_TEXT_MAX || memchr(text, '\0', size)) {
                ret_problem->text = N_("it is too long, or no text");
                return -EINVAL;
        }

        Guide *guide = calloc(1, sizeof(*guide));
        if (guide) {
                guide->text = strndup(text, size);
                guide->id = strdup(id);
        }
        if (!guide || !guide->text || !guide->id) {
                guide_free(guide);
                return -ENOMEM;
        }

        Walk walk = { .guide = guide, .language = language };
        int r = take_all(&walk, &ret_problem->line);
        ret_problem->text = walk.problem;
        if (r < 0)
                guide_free(guide);
        else
                *ret = guide;
        return r;
}
