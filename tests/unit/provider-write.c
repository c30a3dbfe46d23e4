/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Writes blocks of the provider table, and compares them. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provider-write.h"

static const char *const securities[] = {
        [MD_SECURITY_NONE] = "none", [MD_SECURITY_STARTTLS] = "starttls", [MD_SECURITY_TLS] = "tls",
};

/* ---- writing ---- */

static void write_text(FILE *stream, const char *key, const char *text) {
        if (text)
                fprintf(stream, "%s = %s\n", key, text);
}

static void write_names(FILE *stream, const char *key, const TableNames *names) {
        for (size_t i = 0; i < names->n; i++)
                fprintf(stream, "%s = %s\n", key, names->at[i]);
}

static void write_setting(FILE *stream, const char *key, const char *text) {
        if (text)
                fprintf(stream, " %s=%s", key, text);
}

static void write_list(FILE *stream, const char *key, const TableNames *names) {
        for (size_t i = 0; i < names->n; i++)
                fprintf(stream, "%s%s%s", i == 0 ? " " : "", i == 0 ? key : ",", names->at[i]);
}

static void write_service(FILE *stream, const TableService *service) {
        fprintf(stream, "%s = %s %u %s", service->protocol, service->host, service->port, securities[service->security]);
        write_setting(stream, "username", service->username);
        write_list(stream, "auth=", &service->auth);
        write_list(stream, "source=", &service->source);
        write_setting(stream, "date", service->date);
        write_setting(stream, "until", service->until);
        write_list(stream, "only=", &service->only);
        fprintf(stream, "%s%s\n", service->marks & TABLE_DISPUTED ? " disputed" : "",
                service->marks & TABLE_UNUSUAL ? " unusual" : "");
}

static void write_precondition(FILE *stream, const TablePrecondition *condition) {
        fprintf(stream, "precondition = %s", condition->kind);
        for (size_t i = 0; i < condition->protocols.n; i++)
                fprintf(stream, " %s", condition->protocols.at[i]);
        write_setting(stream, "page", condition->page);
        write_setting(stream, "since", condition->since);
        write_setting(stream, "date", condition->date);
        write_list(stream, "source=", &condition->source);
        write_list(stream, "only=", &condition->only);
        if (condition->note)
                fprintf(stream, " note=\"%s\"", condition->note);
        fputc('\n', stream);
}

static void write_block(FILE *stream, const TableBlock *block) {
        fprintf(stream, "[%s]\n", block->id);
        write_text(stream, "name", block->name);
        write_text(stream, "page", block->page);
        write_names(stream, "domains", &block->domains);
        write_names(stream, "patterns", &block->patterns);
        write_names(stream, "mx", &block->mx);
        write_names(stream, "popular", &block->popular);
        write_text(stream, "username", block->username);
        write_names(stream, "auth", &block->auth);
        write_names(stream, "source", &block->source);
        write_text(stream, "date", block->date);
        for (size_t i = 0; i < block->n_services; i++)
                write_service(stream, &block->services[i]);
        for (size_t i = 0; i < block->n_preconditions; i++)
                write_precondition(stream, &block->preconditions[i]);
}

char *provider_write(const Table *table, unsigned layer) {
        char *text = NULL;
        size_t size;
        FILE *stream = open_memstream(&text, &size);

        ck_assert_ptr_nonnull(stream);
        for (size_t i = 0; i < table_count(table); i++)
                if (table_block(table, i)->layer == layer)
                        write_block(stream, table_block(table, i));
        ck_assert_int_eq(fclose(stream), 0);
        return text;
}

/* ---- comparing ---- */

static bool same_text(const char *a, const char *b) {
        return a && b ? !strcmp(a, b) : a == b;
}

static bool same_names(const TableNames *a, const TableNames *b) {
        for (size_t i = 0; i < a->n && i < b->n; i++)
                if (strcmp(a->at[i], b->at[i]))
                        return false;
        return a->n == b->n;
}

static bool same_service(const TableService *a, const TableService *b) {
        return same_text(a->protocol, b->protocol) && same_text(a->host, b->host) && a->port == b->port &&
               a->security == b->security && a->marks == b->marks && same_text(a->username, b->username) &&
               same_text(a->date, b->date) && same_text(a->until, b->until) && same_names(&a->auth, &b->auth) &&
               same_names(&a->source, &b->source) && same_names(&a->only, &b->only);
}

static bool same_precondition(const TablePrecondition *a, const TablePrecondition *b) {
        return same_text(a->kind, b->kind) && same_names(&a->protocols, &b->protocols) && same_text(a->page, b->page) &&
               same_text(a->since, b->since) && same_text(a->date, b->date) && same_text(a->note, b->note) &&
               same_names(&a->source, &b->source) && same_names(&a->only, &b->only);
}

static bool same_head(const TableBlock *a, const TableBlock *b) {
        return same_text(a->id, b->id) && same_text(a->name, b->name) && same_text(a->page, b->page) &&
               same_text(a->username, b->username) && same_text(a->date, b->date) && same_names(&a->auth, &b->auth) &&
               same_names(&a->source, &b->source);
}

const char *provider_difference(const TableBlock *a, const TableBlock *b) {
        if (!same_head(a, b))
                return "head";
        if (!same_names(&a->domains, &b->domains) || !same_names(&a->patterns, &b->patterns) || !same_names(&a->mx, &b->mx) ||
            !same_names(&a->popular, &b->popular))
                return "names";
        if (a->n_services != b->n_services || a->n_preconditions != b->n_preconditions)
                return "number of rows";
        for (size_t i = 0; i < a->n_services; i++)
                if (!same_service(&a->services[i], &b->services[i]))
                        return "service";
        for (size_t i = 0; i < a->n_preconditions; i++)
                if (!same_precondition(&a->preconditions[i], &b->preconditions[i]))
                        return "precondition";
        return NULL;
}
