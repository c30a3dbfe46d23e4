/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The rows of a block:
 *
 *   imap         = HOST PORT SECURITY [username=…] [auth=…,…] [source=…,…] [date=…] [until=…] [only=…,…] [disputed] [unusual]
 *   precondition = KIND [PROTOCOL…] [page=…] [since=…] [date=…] [source=…,…] [only=…,…] [note="…"]
 *
 * A row is wrong as a whole or not at all: nobody shall get half of it.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "table-private.h"
#include "value.h"

#define REFUSED 1                       /* the fault was told */

/* What a word of a row can set; those that a row does not have are NULL. */
typedef struct Row {
        const char **username, **date, **until, **since, **page, **note;
        TableNames *auth, *source, *only;
        unsigned *marks;
} Row;

static int refuse(Parser *parser, const char *what, const char *word, const char *fault) {
        parser_fault(parser, "%s \"%.80s\" %s", what, word, fault);
        return REFUSED;
}

/* ---- words of the form key=value ---- */

static int set_username(Parser *parser, const Row *row, char *value) {
        const char *fault = value_fault_username(value);
        *row->username = value;
        return fault ? refuse(parser, "username", value, fault) : 0;
}

static int set_date(Parser *parser, const Row *row, char *value) {
        const char *fault = value_fault_date(value);
        *row->date = value;
        return fault ? refuse(parser, "date", value, fault) : 0;
}

static int set_until(Parser *parser, const Row *row, char *value) {
        const char *fault = value_fault_date(value);
        *row->until = value;
        return fault ? refuse(parser, "until", value, fault) : 0;
}

static int set_since(Parser *parser, const Row *row, char *value) {
        const char *fault = value_fault_date(value);
        *row->since = value;
        return fault ? refuse(parser, "since", value, fault) : 0;
}

static int set_page(Parser *parser, const Row *row, char *value) {
        const char *fault = value_fault_page(value);
        *row->page = value;
        return fault ? refuse(parser, "page", value, fault) : 0;
}

static int set_note(Parser *parser, const Row *row, char *value) {
        *row->note = value;
        return *value ? 0 : refuse(parser, "note", value, "is empty");
}

/* Words of a list that are wrong were told, and make the row wrong. */
static int set_auth(Parser *parser, const Row *row, char *value) {
        unsigned before = parser->n_faults;
        int r = parser_take_auth(parser, row->auth, value);
        return r < 0 ? r : parser->n_faults > before ? REFUSED : 0;
}

static int set_source(Parser *parser, const Row *row, char *value) {
        unsigned before = parser->n_faults;
        int r = parser_take_source(parser, row->source, value);
        return r < 0 ? r : parser->n_faults > before ? REFUSED : 0;
}

static int set_only(Parser *parser, const Row *row, char *value) {
        value_lower(value);
        for (char *word; (word = strsep(&value, ","));) {
                const char *fault = strchr(word, '*') ? value_fault_pattern(word) : value_fault_domain(word);
                if (fault)
                        return refuse(parser, "only", word, fault);
                if (table_names_add(row->only, word) < 0)
                        return -ENOMEM;
        }
        return 0;
}

static const struct {
        const char *name;
        size_t member;                  /* of Row, that must be there */
        int (*set)(Parser *parser, const Row *row, char *value);
} settings[] = {
        { "username", offsetof(Row, username), set_username },
        { "auth", offsetof(Row, auth), set_auth },
        { "source", offsetof(Row, source), set_source },
        { "date", offsetof(Row, date), set_date },
        { "until", offsetof(Row, until), set_until },
        { "since", offsetof(Row, since), set_since },
        { "only", offsetof(Row, only), set_only },
        { "page", offsetof(Row, page), set_page },
        { "note", offsetof(Row, note), set_note },
};

static const struct {
        const char *word;
        unsigned mark;
} marks[] = {
        { "disputed", TABLE_DISPUTED },
        { "unusual", TABLE_UNUSUAL },
};

static bool has_member(const Row *row, size_t member) {
        void *pointer;
        memcpy(&pointer, (const char *) row + member, sizeof(pointer));
        return pointer != NULL;
}

static int take_setting(Parser *parser, const Row *row, char *word) {
        char *value = strchr(word, '=');

        if (!value) {
                for (size_t i = 0; row->marks && i < sizeof(marks) / sizeof(marks[0]); i++)
                        if (!strcmp(word, marks[i].word)) {
                                *row->marks |= marks[i].mark;
                                return 0;
                        }
                return refuse(parser, "word", word, "has no meaning here");
        }
        *value++ = '\0';
        for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
                if (!strcmp(word, settings[i].name) && has_member(row, settings[i].member))
                        return settings[i].set(parser, row, value);
        return refuse(parser, "word", word, "has no meaning here");
}

/* note="…" is one word with spaces in it. */
static char *next_setting(char **rest) {
        char *word = *rest + strspn(*rest, " \t");
        char *end = strncmp(word, "note=\"", 6) ? NULL : strchr(word + 6, '"');

        if (!end)
                return parser_word(rest);
        *rest = end + (end[1] ? 2 : 1);
        *end = '\0';
        memmove(word + 5, word + 6, (size_t) (end - word) - 5);
        return word;
}

static int take_settings(Parser *parser, const Row *row, char *rest) {
        int r = 0;

        for (char *word; r == 0 && (word = next_setting(&rest));)
                r = take_setting(parser, row, word);
        return r;
}

/* ---- services ---- */

static int take_endpoint(Parser *parser, TableService *service, char **rest) {
        char *host = parser_word(rest), *port = parser_word(rest), *security = parser_word(rest);
        const char *fault;

        if (!security) {
                parser_fault(parser, "has not a host, a port and a security");
                return REFUSED;
        }
        if (!strchr(host, '%'))
                value_lower(host);
        if ((fault = value_fault_host(host)))
                return refuse(parser, "host", host, fault);
        if ((fault = value_port(port, &service->port)))
                return refuse(parser, "port", port, fault);
        if ((fault = value_security(security, &service->security)))
                return refuse(parser, "security", security, fault);
        service->host = host;
        return 0;
}

int parser_take_service(Parser *parser, const char *protocol, char *value) {
        TableBlock *block = parser->block;
        TableService service = { .protocol = protocol, .line = parser->line };
        const Row row = { .username = &service.username, .date = &service.date, .until = &service.until,
                          .auth = &service.auth, .source = &service.source, .only = &service.only, .marks = &service.marks };

        int r = take_endpoint(parser, &service, &value);
        if (r == 0)
                r = take_settings(parser, &row, value);
        TableService *services = r == 0 ? table_grow((void *) block->services, block->n_services, sizeof(service)) : NULL;
        if (services) {
                block->services = services;
                services[block->n_services++] = service;
                return 0;
        }
        free((void *) service.auth.at);
        free((void *) service.source.at);
        free((void *) service.only.at);
        return r == REFUSED ? 0 : -ENOMEM;
}

/* ---- preconditions ---- */

/* The protocols are the words before the first setting. */
static int take_protocols(Parser *parser, TablePrecondition *precondition, char **rest) {
        for (;;) {
                size_t space = strspn(*rest, " \t"), length = strcspn(*rest + space, " \t");
                if (length == 0 || memchr(*rest + space, '=', length))
                        return 0;
                char *word = parser_word(rest);
                if (!value_is_one_of(word, value_protocols))
                        return refuse(parser, "word", word, "is not a protocol (imap, pop3, smtp)");
                if (table_names_add(&precondition->protocols, word) < 0)
                        return -ENOMEM;
        }
}

int parser_take_precondition(Parser *parser, char *value) {
        TableBlock *block = parser->block;
        TablePrecondition condition = { .kind = parser_word(&value), .line = parser->line };
        const Row row = { .date = &condition.date, .since = &condition.since, .page = &condition.page,
                          .note = &condition.note,
                          .source = &condition.source, .only = &condition.only };

        if (!condition.kind || !value_is_one_of(condition.kind, value_preconditions)) {
                refuse(parser, "precondition", condition.kind ? condition.kind : "", "is not a known one");
                return 0;
        }
        int r = take_protocols(parser, &condition, &value);
        if (r == 0)
                r = take_settings(parser, &row, value);
        TablePrecondition *conditions =
                r == 0 ? table_grow((void *) block->preconditions, block->n_preconditions, sizeof(condition)) : NULL;
        if (conditions) {
                block->preconditions = conditions;
                conditions[block->n_preconditions++] = condition;
                return 0;
        }
        free((void *) condition.protocols.at);
        free((void *) condition.source.at);
        free((void *) condition.only.at);
        return r == REFUSED ? 0 : -ENOMEM;
}
