/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * compile FILE…: reads files of the provider table and writes them as C, constant data that no probe has to read again.
 *
 * It runs when maildiag is built, with the reader that the plugin has for what an administrator adds.  A fault ends the build.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

/* ---- values ---- */

static void write_text(const char *text) {
        if (!text) {
                fputs("NULL", stdout);
                return;
        }
        putchar('"');
        for (; *text; text++)
                if (*text < ' ' || *text > '~' || strchr("\"\\?", *text))
                        printf("\\%03o", (unsigned) (unsigned char) *text);
                else
                        putchar(*text);
        putchar('"');
}

static void write_member(const char *name, const char *text) {
        if (!text)
                return;
        printf(" .%s = ", name);
        write_text(text);
        putchar(',');
}

static void write_names(const char *name, const TableNames *names) {
        if (names->n == 0)
                return;
        printf(" .%s = { (const char *const []) {", name);
        for (size_t i = 0; i < names->n; i++) {
                putchar(' ');
                write_text(names->at[i]);
                putchar(',');
        }
        printf(" }, %zu },", names->n);
}

/* ---- blocks ---- */

static void write_service(const TableService *service) {
        printf("                {");
        write_member("protocol", service->protocol);
        write_member("host", service->host);
        printf(" .port = %u, .security = %d, .marks = %u, .line = %u,", service->port, service->security, service->marks,
               service->line);
        write_member("username", service->username);
        write_member("date", service->date);
        write_member("until", service->until);
        write_names("auth", &service->auth);
        write_names("source", &service->source);
        write_names("only", &service->only);
        printf(" },\n");
}

static void write_precondition(const TablePrecondition *condition) {
        printf("                {");
        write_member("kind", condition->kind);
        write_member("page", condition->page);
        write_member("since", condition->since);
        write_member("date", condition->date);
        write_member("note", condition->note);
        write_names("protocols", &condition->protocols);
        write_names("source", &condition->source);
        write_names("only", &condition->only);
        printf(" .line = %u },\n", condition->line);
}

static void write_block(const TableBlock *block) {
        printf("        {");
        write_member("id", block->id);
        write_member("name", block->name);
        write_member("page", block->page);
        write_member("username", block->username);
        write_member("date", block->date);
        write_names("auth", &block->auth);
        write_names("source", &block->source);
        write_names("domains", &block->domains);
        write_names("patterns", &block->patterns);
        write_names("mx", &block->mx);
        write_names("popular", &block->popular);
        write_member("file", block->file);
        printf(" .line = %u, .n_services = %zu, .n_preconditions = %zu,\n", block->line, block->n_services, block->n_preconditions);
        if (block->n_services > 0)
                printf("          .services = (const TableService []) {\n");
        for (size_t i = 0; i < block->n_services; i++)
                write_service(&block->services[i]);
        if (block->n_services > 0)
                printf("          },\n");
        if (block->n_preconditions > 0)
                printf("          .preconditions = (const TablePrecondition []) {\n");
        for (size_t i = 0; i < block->n_preconditions; i++)
                write_precondition(&block->preconditions[i]);
        printf("%s        },\n", block->n_preconditions > 0 ? "          },\n" : "");
}

/* ---- keys ---- */

static int compare_keys(const void *a, const void *b) {
        return strcmp(((const TableKey *) a)->word, ((const TableKey *) b)->word);
}

static void write_keys(const char *name, TableKey *keys, size_t n) {
        qsort(keys, n, sizeof(*keys), compare_keys);
        printf("static const TableKey %s[] = {\n", name);
        for (size_t i = 0; i < n; i++)
                printf("        { \"%s\", %zu },\n", keys[i].word, keys[i].block);
        printf("};\n\n");
}

/* Returns how many domains there are. */
static size_t write_all_keys(const Table *table) {
        size_t n_domains = 0, n_ids = 0;

        for (size_t i = 0; i < table_count(table); i++)
                n_domains += table_block(table, i)->domains.n;
        TableKey *domains = calloc(n_domains + 1, sizeof(*domains)), *ids = calloc(table_count(table) + 1, sizeof(*ids));
        if (!domains || !ids)
                exit(EXIT_FAILURE);
        n_domains = 0;
        for (size_t i = 0; i < table_count(table); i++) {
                const TableBlock *block = table_block(table, i);
                ids[n_ids++] = (TableKey) { block->id, i };
                for (size_t k = 0; k < block->domains.n; k++)
                        domains[n_domains++] = (TableKey) { block->domains.at[k], i };
        }
        write_keys("domains", domains, n_domains);
        write_keys("ids", ids, n_ids);
        free(domains);
        free(ids);
        return n_domains;
}

/* ---- all ---- */

static void write_source(const TableSource *source) {
        printf("        {");
        write_member("word", source->word);
        write_member("name", source->name);
        write_member("page", source->page);
        write_member("licence", source->licence);
        write_member("date", source->date);
        printf(" },\n");
}

static size_t write_sources(const Table *table) {
        const TableSource *source;
        size_t n = 0;

        printf("static const TableSource sources[] = {\n");
        for (; (source = table_source_at(table, n)); n++)
                write_source(source);
        printf("};\n\n");
        return n;
}

static void write_table(const Table *table) {
        printf("/* Made by compile.c. */\n\n#include \"shipped.h\"\n\nstatic const TableBlock blocks[] = {\n");
        for (size_t i = 0; i < table_count(table); i++)
                write_block(table_block(table, i));
        printf("};\n\n");
        size_t n_domains = write_all_keys(table), n_sources = write_sources(table);
        printf("const TableShipped table_shipped = { blocks, %zu, domains, ids, %zu, sources, %zu };\n", table_count(table), n_domains,
               n_sources);
}

static void tell(void *userdata, const char *file, unsigned line, const char *fault) {
        bool *faulty = userdata;

        fprintf(stderr, "%s:%u: %s\n", file, line, fault);
        *faulty = true;
}

static char *read_file(const char *path) {
        FILE *file = fopen(path, "re");
        char *text = NULL;
        size_t size = 0;

        ssize_t n = file ? getdelim(&text, &size, '\0', file) : -1;
        if (n < 0) {
                fprintf(stderr, "%s: %m\n", path);
                exit(EXIT_FAILURE);
        }
        fclose(file);
        return text;
}

int main(int argc, char **argv) {
        Table *table = table_new(NULL);
        bool faulty = !table;

        for (int i = 1; i < argc && table; i++) {
                const char *slash = strrchr(argv[i], '/');
                char *text = read_file(argv[i]);
                if (table_read(table, 0, slash ? slash + 1 : argv[i], text, strlen(text), tell, &faulty) < 0)
                        faulty = true;
                free(text);
        }
        if (!faulty)
                write_table(table);
        table_free(table);
        return faulty || fflush(stdout) != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
