/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads guides from their directory. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "complain.h"
#include "config.h"
#include "guide-store.h"
#include "i18n.h"
#include "nearest.h"

#define SUFFIX ".conf"
#define GUIDES_MAX 256

static const char *directory(void) {
        return secure_getenv("MAILDIAG_GUIDEDIR") ?: MAILDIAG_GUIDEDIR;
}

const char *guide_language(void) {
        /* Translators: write the two letters of your language after the bar. */
        const char *text = _("language of the guides|en");
        const char *bar = strrchr(text, '|');
        return bar ? bar + 1 : "en";
}

/* Returns the size, or -errno; a file that is too long fills the buffer. */
static ssize_t read_file(const char *path, char *buffer, size_t size) {
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (fd < 0)
                return -errno;

        size_t used = 0;
        ssize_t n = 1;
        while (used < size && n > 0) {
                n = read(fd, buffer + used, size - used);
                used += n > 0 ? (size_t) n : 0;
        }
        int error = errno;
        close(fd);
        return n < 0 ? -error : (ssize_t) used;
}

static int complain_file(const char *path, const GuideProblem *problem) {
        if (problem->line > 0)
                return complain(STATUS_UNKNOWN, _("%s, line %u: %s"), path, problem->line, _(problem->text));
        return complain(STATUS_UNKNOWN, "%s: %s", path, _(problem->text));
}

static int load_file(const char *id, Guide **ret) {
        char path[4096], *text = malloc(GUIDE_TEXT_MAX + 1);
        GuideProblem problem;
        if (!text)
                return complain_oom();

        snprintf(path, sizeof(path), "%.3000s/%.200s" SUFFIX, directory(), id);
        ssize_t size = read_file(path, text, GUIDE_TEXT_MAX + 1);
        int r = size < 0 ? (int) size : guide_parse(id, text, (size_t) size, guide_language(), ret, &problem);
        free(text);
        if (size < 0)
                return complain(STATUS_NO_INPUT, _("cannot read '%s': %s"), path, strerror(-r));
        if (r == -EINVAL)
                return complain_file(path, &problem);
        return r < 0 ? complain_oom() : 0;
}

static int is_guide(const struct dirent *entry) {
        size_t length = strlen(entry->d_name);
        return entry->d_name[0] != '.' && length > strlen(SUFFIX) && length < 200 &&
                !strcmp(entry->d_name + length - strlen(SUFFIX), SUFFIX);
}

static int compare_ids(const void *a, const void *b) {
        return strcmp((*(Guide *const *) a)->id, (*(Guide *const *) b)->id);
}

int guide_load_all(Guide ***ret, size_t *ret_n) {
        struct dirent **entries;
        int n = scandir(directory(), &entries, is_guide, alphasort);
        if (n < 0)
                return complain(STATUS_NO_INPUT, _("cannot read the guides in '%s': %s"), directory(), strerror(errno));

        Guide **guides = calloc((size_t) n + 1, sizeof(Guide *));
        size_t n_guides = 0;
        for (int i = 0; i < n; i++) {
                entries[i]->d_name[strlen(entries[i]->d_name) - strlen(SUFFIX)] = '\0';
                if (guides && i < GUIDES_MAX && load_file(entries[i]->d_name, &guides[n_guides]) == 0)
                        n_guides++;
                free(entries[i]);
        }
        free(entries);
        if (!guides)
                return complain_oom();
        qsort(guides, n_guides, sizeof(Guide *), compare_ids);
        *ret = guides;
        *ret_n = n_guides;
        return 0;
}

void guide_free_all(Guide **guides, size_t n) {
        for (size_t i = 0; i < n; i++)
                guide_free(guides[i]);
        free(guides);
}

/* Whether `name` is one of the words of `list`. */
static bool has_word(const char *list, const char *name) {
        size_t length = strlen(name);
        for (const char *word = list; word && *word;) {
                size_t n = strcspn(word, " ");
                if (n == length && !memcmp(word, name, n))
                        return true;
                word += n + strspn(word + n, " ");
        }
        return false;
}

static int complain_unknown(const char *name, Guide *const *guides, size_t n) {
        const char *known[GUIDES_MAX];
        for (size_t i = 0; i < n; i++)
                known[i] = guides[i]->id;
        char *nearest = nearest_words(name, "", known, n);
        if (nearest && *nearest)
                complain(STATUS_NO_INPUT, _("there is no guide for '%s'; nearest: %s"), name, nearest);
        else
                complain(STATUS_NO_INPUT, _("there is no guide for '%s'; maildiag guide lists them"), name);
        free(nearest);
        return STATUS_NO_INPUT;
}

static Guide *take_named(Guide **guides, size_t n, const char *name) {
        for (size_t i = 0; i < n; i++)
                if (!strcmp(guides[i]->id, name) || has_word(guides[i]->also, name)) {
                        Guide *found = guides[i];
                        guides[i] = NULL;
                        return found;
                }
        return NULL;
}

static int find(const char *name, bool must, Guide **ret) {
        Guide **guides;
        size_t n;

        int status = guide_load_all(&guides, &n);
        if (status != 0)
                return status;
        *ret = take_named(guides, n, name);
        if (!*ret && must)
                status = complain_unknown(name, guides, n);
        guide_free_all(guides, n);
        return status;
}

int guide_load(const char *name, Guide **ret) {
        return find(name, true, ret);
}

int guide_find(const char *name, Guide **ret) {
        return find(name, false, ret);
}
