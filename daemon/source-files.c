/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The source of maildiag's own account files: every ID.conf of a directory. */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account-file.h"
#include "ini.h"
#include "own.h"
#include "source.h"
#include "trusted-file.h"

#define SUFFIX ".conf"

int source_fault(const SourceSink *sink, const char *path, int r, const char *fault) {
        if (r == -ENOMEM)
                return r;
        return sink->fault(sink->userdata, path, 0, r == -EINVAL && fault ? fault : strerror(-r));
}

static int take_text(const SourceSink *sink, const char *id, const char *path, const char *text, size_t size) {
        _cleanup_free_ char *fault = NULL;
        unsigned line = 0;
        Account *account;

        int r = account_file_parse(id, path, text, size, &account, &line, &fault);
        if (r == -EINVAL)
                return sink->fault(sink->userdata, path, line, fault);
        return r < 0 ? r : sink->account(sink->userdata, account);
}

static int take_file(const SourceSink *sink, int directory, const char *name, const char *id, const char *path) {
        const char *fault = account_id_fault(id);
        char *text = NULL;
        size_t size = 0;

        if (fault) {
                _cleanup_free_ char *line = NULL;
                if (asprintf(&line, "its name is the account's id, which %s", fault) < 0)
                        return -ENOMEM;
                return sink->fault(sink->userdata, path, 0, line);
        }
        int r = trusted_read(directory, name, INI_TEXT_MAX, &text, &size, &fault);
        if (r == -ENOENT)               /* gone in the meantime */
                return 0;
        if (r < 0)
                return source_fault(sink, path, r, fault);
        r = take_text(sink, id, path, text, size);
        trusted_free(text, size);
        return r;
}

/* Hidden files are those of editors. */
static bool has_suffix(const char *name, size_t *ret_stem) {
        size_t length = strlen(name), suffix = strlen(SUFFIX);

        if (name[0] == '.' || length <= suffix || strcmp(name + length - suffix, SUFFIX))
                return false;
        *ret_stem = length - suffix;
        return true;
}

static int take_entry(const SourceSink *sink, const char *place, int directory, const char *name) {
        _cleanup_free_ char *path = NULL, *id = NULL;
        size_t stem;

        if (!has_suffix(name, &stem))
                return 0;
        if (asprintf(&path, "%s/%s", place, name) < 0 || !(id = strndup(name, stem)))
                return -ENOMEM;
        return take_file(sink, directory, name, id, path);
}

static int read_directory(const char *place, const SourceSink *sink) {
        const char *fault = NULL;
        struct dirent *entry;

        int fd = trusted_directory(place, &fault);
        if (fd == -ENOENT)
                return 0;
        if (fd < 0)
                return source_fault(sink, place, fd, fault);
        DIR *directory = fdopendir(fd);
        if (!directory) {
                close_fd(fd);
                return -ENOMEM;
        }
        int r = 0;
        while (r >= 0 && (entry = readdir(directory)))
                r = take_entry(sink, place, fd, entry->d_name);
        closedir(directory);
        return r;
}

const Source source_files = { "maildiag", "Accounts of maildiag", read_directory };
