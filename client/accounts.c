/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Reads the file of --accounts.
 *
 * What a key is and what it holds is looked at here, so that a complaint can say where it stands; whether names and
 * addresses have their form is the daemon's to say.
 */

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts.h"
#include "complain.h"
#include "i18n.h"
#include "secret-input.h"

#define FILE_MAX (1024 * 1024)
#define ACCOUNTS_MAX 64u                /* as in the interface */

typedef enum Kind {
        KIND_TEXT,
        KIND_PORT,
        KIND_TRUTH,
        KIND_TEXTS,
        KIND_SECRET,                    /* a path; its content is copied */
        KIND_FILE,                      /* a path; opened and handed on */
        KIND_SERVICES,
} Kind;

enum {
        IN_ACCOUNT = 1 << 0,
        IN_SERVICE = 1 << 1,
        IN_BOTH = IN_ACCOUNT | IN_SERVICE,
};

typedef struct Key {
        const char *name;
        Kind kind;
        unsigned where;
        const char *bus;                /* its name on the bus; NULL: the same */
} Key;

static const Key keys[] = {
        { "address", KIND_TEXT, IN_BOTH },
        { "services", KIND_SERVICES, IN_ACCOUNT },
        { "protocol", KIND_TEXT, IN_SERVICE },
        { "host", KIND_TEXT, IN_SERVICE },
        { "port", KIND_PORT, IN_SERVICE },
        { "security", KIND_TEXT, IN_SERVICE },
        { "username", KIND_TEXT, IN_BOTH },
        { "auth", KIND_TEXTS, IN_BOTH },
        { "tls-name", KIND_TEXT, IN_BOTH },
        { "connect-to", KIND_TEXT, IN_BOTH },
        { "allow-cleartext-login", KIND_TRUTH, IN_BOTH },
        { "password-file", KIND_SECRET, IN_BOTH, "password-fd" },
        { "oauth2-token-file", KIND_SECRET, IN_BOTH, "oauth2-token-fd" },
        { "client-cert", KIND_FILE, IN_BOTH, "client-cert-fd" },
        { "client-key", KIND_FILE, IN_BOTH, "client-key-fd" },
};

/* Keys under which somebody might write a secret, and what stands there instead. */
static const char *const secrets[][2] = {
        { "password", "password-file" },
        { "pass", "password-file" },
        { "passwd", "password-file" },
        { "secret", "password-file" },
        { "token", "oauth2-token-file" },
        { "oauth2-token", "oauth2-token-file" },
};

/* Where the walk is, for complaints, and what it fills. */
typedef struct Walk {
        const char *path;
        size_t account, service;        /* from 1; 0: not in one */
        Accounts *accounts;
} Walk;

/* "FILE: account 2: service 1: …" */
__attribute__((format(printf, 2, 3)))
static int complain_at(const Walk *walk, const char *format, ...) {
        char text[1024], account[40] = "", service[40] = "";
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(text, sizeof(text), format, arguments);
        va_end(arguments);
        if (walk->account > 0)
                snprintf(account, sizeof(account), _("account %zu: "), walk->account);
        if (walk->service > 0)
                snprintf(service, sizeof(service), _("service %zu: "), walk->service);
        return complain(STATUS_USAGE, "%s: %s%s%s", walk->path, account, service, text);
}

/* ---- descriptors ---- */

static int keep_fd(Accounts *accounts, int fd) {
        int *larger = reallocarray(accounts->fds, accounts->n_fds + 1, sizeof(int));
        if (!larger) {
                close(fd);
                return complain_oom();
        }
        accounts->fds = larger;
        accounts->fds[accounts->n_fds++] = fd;
        return 0;
}

/* A path in the file is relative to the file. */
static char *resolve(const Walk *walk, const char *path) {
        const char *slash = strrchr(walk->path, '/');
        char *whole;

        if (path[0] == '/' || !slash)
                return strdup(path);
        return asprintf(&whole, "%.*s/%s", (int) (slash - walk->path), walk->path, path) < 0 ? NULL : whole;
}

static int open_named(const Walk *walk, const Key *key, const char *path, int *ret_fd) {
        char *whole = resolve(walk, path);
        const Settings secret = { .secret = SECRET_FILE, .secret_option = key->name, .secret_file = whole };
        int status = !whole                       ? complain_oom() :
                     key->kind == KIND_SECRET ? secret_input(&secret, ret_fd) :
                                                file_input(key->name, whole, ret_fd);
        free(whole);
        return status != 0 ? status : keep_fd(walk->accounts, *ret_fd);
}

/* ---- keys ---- */

static const Key *find_key(const char *name, unsigned where) {
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
                if (!strcmp(keys[i].name, name) && keys[i].where & where)
                        return &keys[i];
        return NULL;
}

/* A misspelled key, or a secret; its value is not repeated. */
static int complain_unknown(const Walk *walk, const char *name) {
        for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
                if (!strcmp(secrets[i][0], name))
                        return complain_at(walk, _("'%s' is refused: a secret never stands in this file; give the path "
                                                   "of a file as '%s'"), name, secrets[i][1]);
        return complain_at(walk, walk->service > 0 ? _("a service has no key '%s'") : _("an account has no key '%s'"),
                           name);
}

static bool is_list_of_texts(const json_t *value) {
        size_t i;
        json_t *item;
        json_array_foreach((json_t *) value, i, item)
                if (!json_is_string(item))
                        return false;
        return json_is_array(value);
}

static bool has_kind(const json_t *value, Kind kind) {
        switch (kind) {
        case KIND_TEXT:
        case KIND_SECRET:
        case KIND_FILE:
                return json_is_string(value);
        case KIND_PORT:
                return json_is_integer(value) && json_integer_value(value) > 0 && json_integer_value(value) <= 65535;
        case KIND_TRUTH:
                return json_is_boolean(value);
        case KIND_TEXTS:
                return is_list_of_texts(value);
        case KIND_SERVICES:
                return json_is_array(value);
        }
        return false;
}

static int complain_kind(const Walk *walk, const Key *key) {
        static const char *const kinds[] = {
                [KIND_TEXT] = N_("'%s' must be a text"),
                [KIND_PORT] = N_("'%s' must be a number from 1 to 65535"),
                [KIND_TRUTH] = N_("'%s' must be true or false"),
                [KIND_TEXTS] = N_("'%s' must be a list of texts"),
                [KIND_SECRET] = N_("'%s' must be the path of a file"),
                [KIND_FILE] = N_("'%s' must be the path of a file"),
                [KIND_SERVICES] = N_("'%s' must be a list of services"),
        };
        return complain_at(walk, _(kinds[key->kind]), key->name);
}

/* ---- the walk ---- */

static int read_object(Walk *walk, const json_t *from, unsigned where, json_t *to);

static int read_services(Walk *walk, const json_t *from, json_t *to) {
        int status = 0;
        size_t i;
        json_t *item;

        json_array_foreach((json_t *) from, i, item) {
                json_t *service = json_object();
                walk->service = i + 1;
                if (status == 0)
                        status = json_array_append_new(to, service) < 0 ? complain_oom() :
                                 !json_is_object(item) ? complain_at(walk, _("it is no object")) :
                                                         read_object(walk, item, IN_SERVICE, service);
        }
        walk->service = 0;
        return status;
}

static int read_value(Walk *walk, const Key *key, const json_t *value, json_t *to) {
        json_t *list;
        int fd, status = 0;

        switch (key->kind) {
        case KIND_SECRET:
        case KIND_FILE:
                status = open_named(walk, key, json_string_value(value), &fd);
                if (status == 0 && json_object_set_new(to, key->bus, json_integer(fd)) < 0)
                        status = complain_oom();
                return status;
        case KIND_SERVICES:
                list = json_array();
                if (json_object_set_new(to, key->name, list) < 0)
                        return complain_oom();
                return read_services(walk, value, list);
        case KIND_TEXT:
        case KIND_PORT:
        case KIND_TRUTH:
        case KIND_TEXTS:
                break;
        }
        return json_object_set(to, key->name, (json_t *) value) < 0 ? complain_oom() : 0;
}

static int read_object(Walk *walk, const json_t *from, unsigned where, json_t *to) {
        const char *name;
        json_t *value;

        json_object_foreach((json_t *) from, name, value) {
                const Key *key = find_key(name, where);
                int status = !key                            ? complain_unknown(walk, name) :
                             !has_kind(value, key->kind) ? complain_kind(walk, key) :
                                                           read_value(walk, key, value, to);
                if (status != 0)
                        return status;
        }
        return 0;
}

static int read_list(Walk *walk, const json_t *document) {
        int status = 0;
        size_t i;
        json_t *item;

        if (!json_is_array(document) || json_array_size(document) == 0)
                return complain_at(walk, _("it holds no list of accounts"));
        if (json_array_size(document) > ACCOUNTS_MAX)
                return complain_at(walk, _("it holds more than %u accounts"), ACCOUNTS_MAX);
        json_array_foreach((json_t *) document, i, item) {
                json_t *account = json_object();
                walk->account = i + 1;
                if (status == 0)
                        status = json_array_append_new(walk->accounts->list, account) < 0 ? complain_oom() :
                                 !json_is_object(item) ? complain_at(walk, _("it is no object")) :
                                                         read_object(walk, item, IN_ACCOUNT, account);
                else
                        json_decref(account);
        }
        return status;
}

static int parse(const char *path, int fd, json_t **ret) {
        json_error_t error;
        struct stat info;

        if (fstat(fd, &info) < 0 || info.st_size > FILE_MAX)
                return complain(STATUS_USAGE, _("%s: it is larger than 1 MiB"), path);
        *ret = json_loadfd(fd, JSON_REJECT_DUPLICATES, &error);
        return *ret ? 0 : complain(STATUS_USAGE, _("%s: line %d: it is not JSON: %s"), path, error.line, error.text);
}

int accounts_read(const char *path, Accounts *ret) {
        Walk walk = { .path = path, .accounts = ret };
        json_t *document = NULL;
        int fd;

        *ret = (Accounts) { .list = json_array() };
        int status = ret->list ? file_input("accounts", path, &fd) : complain_oom();
        if (status != 0)
                return status;
        status = parse(path, fd, &document);
        close(fd);
        if (status == 0)
                status = read_list(&walk, document);
        json_decref(document);
        return status;
}

void accounts_done(Accounts *accounts) {
        for (size_t i = 0; i < accounts->n_fds; i++)
                close(accounts->fds[i]);
        free(accounts->fds);
        json_decref(accounts->list);
        *accounts = (Accounts) { 0 };
}
