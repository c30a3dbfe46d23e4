/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The source of msmtp's system configuration (msmtp(1), section "configuration file"): one account to send with for each of
 * its accounts that has a host.
 *
 * Passwords in it are passed over without being kept, and no command in it is ever run: neither passwordeval nor eval.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "own.h"
#include "source.h"
#include "text.h"
#include "trusted-file.h"

#define PROGRAM "msmtp"
#define FILE_MAX (256u * 1024u)
#define TEXT_MAX 500u                   /* bytes of a line that counts */
#define ACCOUNTS_MAX 1000u

typedef enum Key {
        KEY_HOST,
        KEY_PORT,
        KEY_TLS,
        KEY_TLS_STARTTLS,
        KEY_TLS_HOST_OVERRIDE,
        KEY_AUTH,
        KEY_USER,
        KEY_FROM,
        KEY_PASSWORD,                   /* its value is not kept */
        KEY_PASSWORDEVAL,               /* the same */
        _KEY_MAX,
} Key;

static const char *const keys[] = {
        [KEY_HOST] = "host",
        [KEY_PORT] = "port",
        [KEY_TLS] = "tls",
        [KEY_TLS_STARTTLS] = "tls_starttls",
        [KEY_TLS_HOST_OVERRIDE] = "tls_host_override",
        [KEY_AUTH] = "auth",
        [KEY_USER] = "user",
        [KEY_FROM] = "from",
        [KEY_PASSWORD] = "password",
        [KEY_PASSWORDEVAL] = "passwordeval",
};

/* One section: the defaults, or an account with all that it inherits. */
typedef struct Section {
        char *name;
        unsigned line;
        bool is_alias;                  /* says nothing itself: "account default : work" */
        struct {
                char *text;             /* NULL: not given */
                unsigned line;
        } values[_KEY_MAX];
} Section;

typedef struct Reader {
        const char *path;
        const SourceSink *sink;
        Section defaults;
        size_t n_sections;
        Section *sections;
        Section *section;               /* the one that lines belong to; NULL: none yet */
} Reader;

/* ---- sections ---- */

static void section_done(Section *section) {
        for (size_t i = 0; i < _KEY_MAX; i++)
                free(section->values[i].text);
        free(section->name);
}

static int set(Section *section, Key key, const char *text, unsigned line) {
        char *copy = strdup(text);
        if (!copy)
                return -ENOMEM;
        free(section->values[key].text);
        section->values[key].text = copy;
        section->values[key].line = line;
        return 0;
}

static int inherit(Section *section, const Section *from) {
        int r = 0;
        for (size_t i = 0; r >= 0 && i < _KEY_MAX; i++)
                if (from->values[i].text)
                        r = set(section, i, from->values[i].text, from->values[i].line);
        return r;
}

static const Section *find_section(const Reader *reader, const char *name) {
        for (size_t i = 0; i < reader->n_sections; i++)
                if (!strcmp(reader->sections[i].name, name))
                        return &reader->sections[i];
        return NULL;
}

static int fault(const Reader *reader, unsigned line, const char *format, const char *what) {
        _cleanup_free_ char *text = NULL, *shown = md_text_clean(what, strlen(what), 80);

        if (!shown || asprintf(&text, format, shown) < 0)
                return -ENOMEM;
        return reader->sink->fault(reader->sink->userdata, reader->path, line, text);
}

/* ---- lines ---- */

static char *trim(char *text) {
        text += strspn(text, " \t");
        size_t length = strlen(text);
        while (length > 0 && strchr(" \t\r", text[length - 1]))
                length--;
        text[length] = '\0';
        return text;
}

static char *unquote(char *text) {
        size_t length = strlen(text);
        if (length < 2 || text[0] != '"' || text[length - 1] != '"')
                return text;
        text[length - 1] = '\0';
        return text + 1;
}

/* "NAME" or "NAME : PARENT, PARENT": the defaults first, then the parents, the last of them strongest. */
static int begin_account(Reader *reader, char *text, unsigned line) {
        char *parents = strchr(text, ':'), *parent;

        if (parents)
                *parents++ = '\0';
        if (reader->n_sections == ACCOUNTS_MAX)
                return fault(reader, line, "there are more accounts than are read: '%s'", text);
        Section *larger = reallocarray(reader->sections, reader->n_sections + 1, sizeof(Section));
        if (!larger)
                return -ENOMEM;
        reader->sections = larger;
        Section section = { .name = strdup(trim(text)), .line = line, .is_alias = parents };
        int r = section.name ? inherit(&section, &reader->defaults) : -ENOMEM;
        while (r >= 0 && parents && (parent = strsep(&parents, ","))) {
                const Section *from = find_section(reader, trim(parent));
                r = from ? inherit(&section, from) : fault(reader, line, "there is no account '%s' above", trim(parent));
        }
        if (r < 0) {
                section_done(&section);
                return r;
        }
        reader->section = &reader->sections[reader->n_sections];
        reader->sections[reader->n_sections++] = section;
        return 0;
}

static int take_key(Reader *reader, const char *key, const char *value, unsigned line) {
        for (size_t i = 0; reader->section && i < _KEY_MAX; i++) {
                if (strcmp(keys[i], key))
                        continue;
                reader->section->is_alias = false;
                return set(reader->section, i, i == KEY_PASSWORD || i == KEY_PASSWORDEVAL ? "" : value, line);
        }
        return 0;
}

static int take_line(Reader *reader, char *text, unsigned line) {
        char *key = trim(text);
        size_t length = strcspn(key, " \t");
        char *value = key[length] ? key + length + 1 : key + length;

        if (*key == '\0' || *key == '#')
                return 0;
        key[length] = '\0';
        value = unquote(trim(value));
        if (!strcmp(key, "defaults")) {
                reader->section = &reader->defaults;
                return 0;
        }
        return strcmp(key, "account") ? take_key(reader, key, value, line) : begin_account(reader, value, line);
}

static int take_lines(Reader *reader, const char *text, size_t size) {
        char copy[TEXT_MAX + 1];
        unsigned line = 1;
        int r = 0;

        for (size_t at = 0; r >= 0 && at < size; line++) {
                const char *end = memchr(text + at, '\n', size - at);
                size_t length = end ? (size_t) (end - text) - at : size - at;
                if (length <= TEXT_MAX && !memchr(text + at, '\0', length)) {
                        memcpy(copy, text + at, length);
                        copy[length] = '\0';
                        r = take_line(reader, copy, line);
                        explicit_bzero(copy, length);
                }
                at += length + 1;
        }
        return r;
}

/* ---- what a section comes to ---- */

/* "on" when nothing stands behind the key, as msmtp reads it. */
static bool is_on(const Section *section, Key key, bool otherwise) {
        const char *text = section->values[key].text;
        return text ? !*text || !strcmp(text, "on") : otherwise;
}

static Origin origin_of(const Section *section, Key key) {
        return (Origin) { .line = section->values[key].line, .key = keys[key], .assumed = !section->values[key].text };
}

static int put(const Section *section, AccountService *service, ServiceField field, Key key, const char *text) {
        const Origin origin = origin_of(section, key);
        return account_value_set(&service->values[field], text, &origin);
}

static int put_security(const Section *section, AccountService *service) {
        bool tls = is_on(section, KEY_TLS, false), starttls = is_on(section, KEY_TLS_STARTTLS, true);

        return put(section, service, SERVICE_FIELD_SECURITY, tls && section->values[KEY_TLS_STARTTLS].text ? KEY_TLS_STARTTLS : KEY_TLS,
                   !tls ? "none" : starttls ? "starttls" : "tls");
}

static int put_port(const Section *section, AccountService *service) {
        const char *port = section->values[KEY_PORT].text;
        bool implicit = is_on(section, KEY_TLS, false) && !is_on(section, KEY_TLS_STARTTLS, true);
        return put(section, service, SERVICE_FIELD_PORT, KEY_PORT, port ? port : implicit ? "465" : "25");
}

/* "auth" alone leaves the mechanism to msmtp. */
static int put_login(const Section *section, AccountService *service) {
        const char *auth = section->values[KEY_AUTH].text, *user = section->values[KEY_USER].text;
        char mechanism[32] = "";
        int r = 0;

        if (!auth || !strcmp(auth, "off"))
                return 0;
        if (*auth && strcmp(auth, "on"))
                for (size_t i = 0; auth[i] && i + 1 < sizeof(mechanism); i++)
                        mechanism[i] = auth[i] >= 'a' && auth[i] <= 'z' ? (char) (auth[i] - 'a' + 'A') : auth[i];
        if (*mechanism)
                r = put(section, service, SERVICE_FIELD_AUTH, KEY_AUTH, mechanism);
        if (r >= 0 && user)
                r = put(section, service, SERVICE_FIELD_USERNAME, KEY_USER, user);
        if (r >= 0 && section->values[KEY_PASSWORDEVAL].text)
                r = put(section, service, SERVICE_FIELD_SECRET, KEY_PASSWORDEVAL, "command");
        else if (r >= 0 && section->values[KEY_PASSWORD].text)
                r = put(section, service, SERVICE_FIELD_SECRET, KEY_PASSWORD, "stored");
        return r;
}

static int fill(const Section *section, Account *account) {
        const char *host = section->values[KEY_HOST].text, *from = section->values[KEY_FROM].text;
        const char *tls_name = section->values[KEY_TLS_HOST_OVERRIDE].text;
        AccountService *service;

        int r = account_add_service(account, "smtp", &service);
        if (r >= 0)
                r = put(section, service, SERVICE_FIELD_HOST, KEY_HOST, host);
        if (r >= 0)
                r = put_port(section, service);
        if (r >= 0)
                r = put_security(section, service);
        if (r >= 0)
                r = put_login(section, service);
        if (r >= 0 && tls_name)
                r = put(section, service, SERVICE_FIELD_TLS_NAME, KEY_TLS_HOST_OVERRIDE, tls_name);
        if (r >= 0)
                r = account_value_set(&account->name, section->name, &(Origin) { .line = section->line, .key = "account" });
        /* One with a pattern or a variable in it is none yet. */
        if (r >= 0 && from && !form_fault_address(from) && !strpbrk(from, "*$")) {
                const Origin origin = origin_of(section, KEY_FROM);
                r = account_value_set(&account->address, from, &origin);
        }
        return r;
}

/* What msmtp could not use either. */
static const char *fault_of(const Section *section, Key *ret_key) {
        const char *port = section->values[KEY_PORT].text, *name = section->values[KEY_TLS_HOST_OVERRIDE].text;
        const char *user = section->values[KEY_USER].text, *auth = section->values[KEY_AUTH].text, *wrong;

        *ret_key = KEY_HOST;
        if ((wrong = form_fault_host(section->values[KEY_HOST].text)))
                return wrong;
        *ret_key = KEY_PORT;
        if (port && (strspn(port, "0123456789") != strlen(port) || strlen(port) > 5 || atoi(port) < 1 ||
                     atoi(port) > 65535))
                return "is not a port";
        *ret_key = KEY_TLS_HOST_OVERRIDE;
        if (name && (wrong = form_fault_host(name)))
                return wrong;
        *ret_key = KEY_USER;
        if (user && (wrong = form_fault_username(user)))
                return wrong;
        *ret_key = KEY_AUTH;
        return auth && strlen(auth) > 20 ? "is no authentication method" : NULL;
}

static int take_section(const Reader *reader, const Section *section) {
        _cleanup_free_ char *id = NULL, *text = NULL;
        Key key;

        if (!section->values[KEY_HOST].text || section->is_alias)
                return 0;
        const char *wrong = fault_of(section, &key);
        if (wrong) {
                if (asprintf(&text, "%s '%%s' %s", keys[key], wrong) < 0)
                        return -ENOMEM;
                return fault(reader, section->values[key].line, text, section->values[key].text);
        }
        id = account_make_id(PROGRAM, reader->path, section->name);
        Account *account = id ? account_new(id, PROGRAM, reader->path) : NULL;
        int r = account ? fill(section, account) : -ENOMEM;
        if (r < 0) {
                account_free(account);
                return r;
        }
        return reader->sink->account(reader->sink->userdata, account);
}

int source_msmtp_parse(const char *path, const char *text, size_t size, const SourceSink *sink) {
        Reader reader = { .path = path, .sink = sink };

        int r = take_lines(&reader, text, size);
        for (size_t i = 0; r >= 0 && i < reader.n_sections; i++)
                r = take_section(&reader, &reader.sections[i]);
        for (size_t i = 0; i < reader.n_sections; i++)
                section_done(&reader.sections[i]);
        section_done(&reader.defaults);
        free(reader.sections);
        return r;
}

static int read_file(const char *path, const SourceSink *sink) {
        const char *wrong = NULL;
        char *text = NULL;
        size_t size = 0;

        int r = trusted_read(-1, path, FILE_MAX, &text, &size, &wrong);
        if (r == -ENOENT)
                return 0;
        if (r < 0)
                return source_fault(sink, path, r, wrong);
        r = source_msmtp_parse(path, text, size, sink);
        trusted_free(text, size);
        return r;
}

const Source source_msmtp = { PROGRAM, "msmtp", read_file };
