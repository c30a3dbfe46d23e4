/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The parser of IMAP responses on collections of real ones, where they lie beside the project: what it
 * makes of each is counted and printed, and only few may be refused (the collections hold some faults on
 * purpose).  Without the collections it is skipped.
 *
 * Argument: the folder of the collections.
 */

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capabilities.h"
#include "response.h"

#define EXIT_SKIPPED 77

typedef struct Count {
        unsigned total, continued, status, data, codes, capabilities, refused;
} Count;

static Count count;

static void print(const char *name) {
        printf("%s: %u responses: %u status (%u with a code), %u data (%u capability lists), "
               "%u continuations, %u refused\n", name, count.total, count.status, count.codes, count.data, count.capabilities,
               count.continued, count.refused);
        if (count.total == 0 || count.refused * 20 > count.total) {
                fprintf(stderr, "%s: nothing was read, or more than one in twenty was refused\n", name);
                exit(EXIT_FAILURE);
        }
        count = (Count) { 0 };
}

static void fail(const char *what, const char *bytes, size_t size) {
        fprintf(stderr, "%s: %.*s\n", what, (int) size, bytes);
        exit(EXIT_FAILURE);
}

static void look_at_capabilities(const char *text) {
        ImapCapabilities capabilities;

        if (imap_capabilities_parse(text, &capabilities) < 0)
                fail("capabilities refused", text, strlen(text));
        count.capabilities++;
        imap_capabilities_done(&capabilities);
}

static void parse(const char *bytes, size_t size) {
        ImapResponse response;
        char *copy = malloc(size ?: 1);

        memcpy(copy, bytes, size);
        int r = imap_response_parse(copy, size, &response);
        free(copy);
        count.total++;
        if (r < 0)
                fail("error", bytes, size);
        if (r > 0) {
                count.refused++;
                printf("  refused (%d): %.*s\n", r, size < 100 ? (int) size : 100, bytes);
                return;
        }

        count.continued += response.kind == IMAP_CONTINUE;
        count.status += response.kind == IMAP_STATUS;
        count.data += response.kind == IMAP_DATA;
        count.codes += response.kind == IMAP_STATUS && response.code;
        if (response.kind == IMAP_DATA && !strcasecmp(response.name, "CAPABILITY"))
                look_at_capabilities(response.text);
        imap_response_done(&response);
}

/* Whatever line ends a collection has, the wire has CR LF. */
static char *with_crlf(const char *text, size_t size, size_t *ret_size) {
        char *wire = malloc(2 * size + 1), *to = wire;

        for (size_t i = 0; i < size; i++) {
                if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
                        *to++ = '\r';
                *to++ = text[i];
        }
        *to = '\0';
        *ret_size = (size_t) (to - wire);
        return wire;
}

/* Cuts a stream into responses as the plugin does, and parses each. */
static void parse_stream(const char *stream, size_t size) {
        size_t wire_size;
        char *wire = with_crlf(stream, size, &wire_size), *end = wire + wire_size;

        for (char *at = wire; at < end;) {
                char *line = at, *line_end;
                bool may = true, first = true;
                size_t literal = 0;
                int r;

                for (;;) {
                        line_end = memmem(line, (size_t) (end - line), "\r\n", 2) ?: end;
                        if (first)
                                may = imap_line_may_hold_literals(line, (size_t) (line_end - line));
                        first = false;
                        r = may ? imap_line_announces(line, (size_t) (line_end - line), &literal) : 0;
                        if (r != 1 || (size_t) (end - line_end) < literal + 2)
                                break;
                        line = line_end + 2 + literal;
                }
                if (r < 0) {
                        count.total++;
                        count.refused++;
                        printf("  refused literal (%d): %.*s\n", r, 100, line);
                } else
                        parse(at, (size_t) (line_end - at));
                at = line_end + (line_end < end ? 2 : 0);
        }
        free(wire);
}

static char *read_file(const char *path, size_t *ret_size) {
        FILE *file = fopen(path, "re");
        char *text = NULL;
        size_t allocated = 0;

        if (!file)
                return NULL;
        ssize_t size = getdelim(&text, &allocated, EOF, file);
        fclose(file);
        *ret_size = size > 0 ? (size_t) size : 0;
        return text;
}

/* ---- one stream a file ---- */

static int visit(const char *path, const struct stat *status, int type, struct FTW *info) {
        size_t size;
        char *text = type == FTW_F ? read_file(path, &size) : NULL;

        if (text)
                parse_stream(text, size);
        free(text);
        return 0;
}

/* ---- double-quoted strings behind ":response:" ---- */

static char unescape(const char **at) {
        static const char names[] = "n\nr\rt\t0\0";
        char c = *(*at)++;

        if (c == 'x') {
                char digits[3] = { (*at)[0], (*at)[1], '\0' };
                *at += 2;
                return (char) strtoul(digits, NULL, 16);
        }
        for (size_t i = 0; i + 1 < sizeof(names); i += 2)
                if (names[i] == c)
                        return names[i + 1];
        return c;
}

/* A line break in a quoted YAML string is a space; with a backslash before it, nothing. */
static const char *fold(const char *at) {
        while (*at == ' ' || *at == '\n')
                at++;
        return at;
}

static void parse_yaml_string(const char *at) {
        char *text = malloc(strlen(at) + 1), *to = text;

        for (at++; *at && *at != '"';) {
                if (at[0] == '\\' && at[1] == '\n')
                        at = fold(at + 1);
                else if (*at == '\\') {
                        at++;
                        *to++ = unescape(&at);
                } else if (*at == '\n') {
                        at = fold(at);
                        *to++ = ' ';
                } else
                        *to++ = *at++;
        }
        parse_stream(text, (size_t) (to - text));
        free(text);
}

static void parse_yaml(const char *directory) {
        DIR *dir = opendir(directory);

        for (struct dirent *entry; dir && (entry = readdir(dir));) {
                char *path, *text = NULL;
                size_t size;
                if (asprintf(&path, "%s/%s", directory, entry->d_name) < 0)
                        abort();
                if (strstr(path, ".yml"))
                        text = read_file(path, &size);
                for (char *at = text; at && (at = strstr(at, ":response:")); at++) {
                        char *quote = strchr(at, '"');
                        if (quote)
                                parse_yaml_string(quote);
                }
                free(text);
                free(path);
        }
        if (dir)
                closedir(dir);
}

/* ---- protocol, server, kind, text … separated by tabs ---- */

/* Line breaks are written "\n"; some greetings lack their status. */
static void parse_table(char *text) {
        for (char *line; (line = strsep(&text, "\n"));) {
                char *protocol = strsep(&line, "\t");
                strsep(&line, "\t");
                strsep(&line, "\t");
                char *cell = strsep(&line, "\t");
                if (!cell || strcmp(protocol, "imap"))
                        continue;
                for (char *at = cell; (at = strstr(at, "\\n"));)
                        memcpy(at, "\r\n", 2);

                char *stream;
                if (asprintf(&stream, "%s%s", *cell == '*' ? "" : "* OK ", cell) < 0)
                        abort();
                parse_stream(stream, strlen(stream));
                free(stream);
        }
}

int main(int argc, char **argv) {
        DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
        if (!dir) {
                printf("skipped: no collections of responses at %s\n", argc == 2 ? argv[1] : "(not given)");
                return EXIT_SKIPPED;
        }
        closedir(dir);

        char *path;
        if (asprintf(&path, "%s/mailkit/imap", argv[1]) < 0)
                return EXIT_FAILURE;
        nftw(path, visit, 8, FTW_PHYS);
        print("mailkit");
        free(path);

        if (asprintf(&path, "%s/net-imap", argv[1]) < 0)
                return EXIT_FAILURE;
        parse_yaml(path);
        print("net-imap");
        free(path);

        if (asprintf(&path, "%s/greetings.tsv", argv[1]) < 0)
                return EXIT_FAILURE;
        size_t size;
        char *text = read_file(path, &size);
        if (text)
                parse_table(text);
        print("greetings.tsv");
        free(text);
        free(path);
        return EXIT_SUCCESS;
}
