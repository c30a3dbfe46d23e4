/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Quoting. */

#include <stdbool.h>
#include <string.h>

#include "export-escape.h"

static bool is_alphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void put_xml(FILE *out, const char *text) {
        static const struct {
                char c;
                const char *entity;
        } entities[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { '\'', "&#39;" } };

        for (; *text; text++) {
                const char *entity = NULL;
                for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
                        if (entities[i].c == *text)
                                entity = entities[i].entity;
                if (entity)
                        fputs(entity, out);
                else
                        fputc(*text, out);
        }
}

void put_xml_comment(FILE *out, const char *text) {
        for (; *text; text++) {
                fputc(*text, out);
                if (text[0] == '-' && (text[1] == '-' || text[1] == '\0'))
                        fputc(' ', out);
        }
}

void put_url(FILE *out, const char *text) {
        for (; *text; text++)
                if (is_alphanumeric(*text) || strchr("-._~", *text))
                        fputc(*text, out);
                else
                        fprintf(out, "%%%02X", (unsigned char) *text);
}

void put_url_host(FILE *out, const char *host) {
        fprintf(out, strchr(host, ':') ? "[%s]" : "%s", host);
}

/* In double quotes, a backslash before each of `special`. */
static void put_quoted(FILE *out, const char *text, const char *special) {
        fputc('"', out);
        for (; *text; text++) {
                if (strchr(special, *text))
                        fputc('\\', out);
                fputc(*text, out);
        }
        fputc('"', out);
}

void put_js(FILE *out, const char *text) {
        put_quoted(out, text, "\"\\");
}

void put_muttrc(FILE *out, const char *text) {
        put_quoted(out, text, "\"\\$`");
}

void put_mbsyncrc(FILE *out, const char *text) {
        put_quoted(out, text, "\"\\");
}

void put_ini(FILE *out, const char *text) {
        const char *quote = strchr(text, '`') ? "\"\"\"" : "`";
        fprintf(out, "%s%s%s", quote, text, quote);
}

void put_name(FILE *out, const char *text) {
        for (; *text; text++)
                fputc(is_alphanumeric(*text) || *text == '.' ? *text : '-', out);
}
