/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The table of options, and how each value gets into the settings.
 *
 * What a setter refuses is what cannot be held at all (a word that is none, a number out of range); the form of names
 * and addresses is for settings_validate(), which sees all settings together.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "account-file.h"
#include "form.h"
#include "options.h"
#include "own.h"
#include "target.h"
#include "text.h"

#define SHOWN_MAX 64u                   /* bytes of a caller's text that an error repeats */
#define TEXT_MAX 4096u                  /* of any text; the form of each sets closer limits */
#define LIST_MAX 64u

enum {
        IN_RUN = 1 << 0,                /* of the whole check */
        IN_SERVICE = 1 << 1,            /* of a service, or a default for all of them */
        IN_ONE_SERVICE = 1 << 2,        /* only of a service */
        IN_KNOWN = 1 << 3,              /* may be given with an account that the daemon knows, too */
        IN_SEARCH = 1 << 4,             /* of Discover */
};

/* Where a value goes. */
typedef struct Goal {
        const Option *option;
        Settings *settings;
        ServiceSettings *service;
} Goal;

struct Option {
        const char *key;
        const char *type;
        unsigned scope;
        /* Returns 0; -EINVAL and what is wrong with the value, to follow "option 'x' "; -EMFILE, -ENOMEM. */
        int (*set)(const Goal *goal, const OptionValue *value, const char **ret_fault);
        size_t offset;                  /* of the member of ServiceSettings that a general setter fills */
};

static int fault(const char **ret_fault, const char *text) {
        *ret_fault = text;
        return -EINVAL;
}

static void *member(const Goal *goal) {
        return (char *) goal->service + goal->option->offset;
}

/* ---- setters ---- */

static int replace_text(char **text, const char *value, size_t length) {
        char *copy = strndup(value, length);
        if (!copy)
                return -ENOMEM;
        free(*text);
        *text = copy;
        return 0;
}

static int check_length(const char *text, const char **ret_fault) {
        return strlen(text) > TEXT_MAX ? fault(ret_fault, "is longer than 4096 bytes") : 0;
}

static int set_text(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        int r = check_length(value->text, ret_fault);
        return r < 0 ? r : replace_text(member(goal), value->text, strlen(value->text));
}

/* "[::1]" and "mail.example.org." are how some write what goes on the wire without bracket and dot. */
static int set_host(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        const char *host = value->text;
        size_t length = strlen(host);

        int r = check_length(host, ret_fault);
        if (r < 0)
                return r;
        if (length > 2 && host[0] == '[' && host[length - 1] == ']')
                return memchr(host, ':', length) ? replace_text(member(goal), host + 1, length - 2) :
                        fault(ret_fault, "has brackets, which only an IPv6 address has");
        if (length > 1 && host[length - 1] == '.' && host[length - 2] != '.')
                length--;
        return replace_text(member(goal), host, length);
}

static int set_truth(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        *(bool *) member(goal) = value->truth;
        return 0;
}

static int replace_fd(int *fd, int value) {
        int copy = fcntl(value, F_DUPFD_CLOEXEC, 3);
        if (copy < 0)
                return -errno;
        close_fd(*fd);
        *fd = copy;
        return 0;
}

static int set_fd(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        return replace_fd(member(goal), value->fd);
}

/* What a service says about its secret replaces what was said for all. */
static int replace_secret(ServiceSettings *service, int fd, bool oauth_token) {
        free(TAKE_PTR(service->secret_name));
        service->oauth_token = oauth_token;
        return replace_fd(&service->secret_fd, fd);
}

static int set_password(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        return replace_secret(goal->service, value->fd, false);
}

static int set_token(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        return replace_secret(goal->service, value->fd, true);
}

/* What stands here by mistake may be the secret itself: it is never repeated. */
static int set_secret_name(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        if (strcmp(value->text, "none") && !account_secret_name(value->text))
                return fault(ret_fault, "must be credential:NAME or none; a secret itself is never a value in a message, "
                             "but a descriptor: 'password-fd'");
        goal->service->secret_fd = close_fd(goal->service->secret_fd);
        goal->service->oauth_token = false;
        return replace_text(&goal->service->secret_name, value->text, strlen(value->text));
}

static int set_ca(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        return replace_fd(&goal->settings->ca_fd, value->fd);
}

static int set_port(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        goal->service->port = value->number;
        return 0;
}

static int set_security(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        int security = md_security_from_string(value->text);

        goal->service->security_auto = md_word_equal(value->text, "auto");
        if (goal->service->security_auto)
                return 0;
        if (security < 0)
                return fault(ret_fault, "must be tls, starttls, none or auto");
        goal->service->security = security;
        return 0;
}

static int set_depth(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        int depth = md_depth_from_string(value->text);
        if (depth < 0)
                return fault(ret_fault, "must be connect, tls, auth or full");
        goal->settings->depth = depth;
        goal->settings->depth_given = true;
        return 0;
}

static int set_ignore_budget(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        goal->settings->ignore_login_budget = value->truth;
        return 0;
}

static int set_thorough(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        goal->settings->thorough = value->truth;
        return 0;
}

static int set_timeout(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        if (value->number < SETTINGS_TIMEOUT_MS_MIN || value->number > SETTINGS_TIMEOUT_MS_MAX)
                return fault(ret_fault, "must be from 100 to 600000");
        goal->settings->timeout_ms = value->number;
        return 0;
}

static int set_offline(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        goal->settings->search.offline = value->truth;
        return 0;
}

static int set_no_probe(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        goal->settings->search.no_probe = value->truth;
        return 0;
}

static void list_free(char **list) {
        for (size_t i = 0; list && list[i]; i++)
                free(list[i]);
        free(list);
}

/* Names of mechanisms are upper case (RFC 4422 section 3.1); people do not always write them so. */
static int set_mechanisms(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        size_t n = 0;
        for (; value->list[n]; n++)
                if (n == LIST_MAX || check_length(value->list[n], ret_fault) < 0)
                        return fault(ret_fault, "holds too much");

        char **list = calloc(n + 1, sizeof(char *));
        for (size_t i = 0; list && i < n; i++) {
                list[i] = strdup(value->list[i]);
                if (!list[i]) {
                        list_free(list);
                        return -ENOMEM;
                }
                for (char *c = list[i]; *c; c++)
                        *c = *c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c;
        }
        if (!list)
                return -ENOMEM;
        list_free(goal->service->mechanisms);
        goal->service->mechanisms = list;
        return 0;
}

static int set_origins(const Goal *goal, const OptionValue *value, const char **ret_fault) {
        size_t n = 0;
        for (; value->list[n]; n++)
                if (n == LIST_MAX || form_fault_protocol(value->list[n]))
                        return fault(ret_fault, "holds what is not the name of a plugin");
        if (n == 0)
                return fault(ret_fault, "names no plugin");

        char **list = calloc(n + 1, sizeof(char *));
        for (size_t i = 0; list && i < n; i++)
                if (!(list[i] = strdup(value->list[i]))) {
                        list_free(list);
                        return -ENOMEM;
                }
        if (!list)
                return -ENOMEM;
        list_free(goal->settings->search.origins);
        goal->settings->search.origins = list;
        return 0;
}

/* ---- the table ---- */

#define MEMBER(name) offsetof(ServiceSettings, name)

static const Option options[] = {
        { "address",               "s",  IN_SERVICE,     set_text,       MEMBER(address) },
        { "allow-cleartext-login", "b",  IN_SERVICE,     set_truth,      MEMBER(allow_cleartext) },
        { "auth",                  "as", IN_SERVICE,     set_mechanisms, 0 },
        { "ca-fd",                 "h",  IN_RUN | IN_SEARCH, set_ca,     0 },
        { "client-cert-fd",        "h",  IN_SERVICE,     set_fd,         MEMBER(certificate_fd) },
        { "client-key-fd",         "h",  IN_SERVICE,     set_fd,         MEMBER(key_fd) },
        { "connect-to",            "s",  IN_SERVICE,     set_host,       MEMBER(connect_to) },
        { "depth",                 "s",  IN_RUN,         set_depth,      0 },
        { "host",                  "s",  IN_ONE_SERVICE, set_host,       MEMBER(host) },
        { "ignore-login-budget",   "b",  IN_RUN,         set_ignore_budget, 0 },
        { "no-probe",              "b",  IN_SEARCH,      set_no_probe,   0 },
        { "oauth2-token-fd",       "h",  IN_SERVICE | IN_KNOWN, set_token,      0 },
        { "offline",               "b",  IN_RUN | IN_SEARCH, set_offline, 0 },
        { "origins",               "as", IN_SEARCH,      set_origins,    0 },
        { "password-fd",           "h",  IN_SERVICE | IN_KNOWN, set_password,   0 },
        { "port",                  "q",  IN_ONE_SERVICE, set_port,       0 },
        { "protocol",              "s",  IN_ONE_SERVICE, set_text,       MEMBER(protocol) },
        { "secret",                "s",  IN_SERVICE | IN_KNOWN, set_secret_name, 0 },
        { "security",              "s",  IN_ONE_SERVICE, set_security,   0 },
        { "thorough",              "b",  IN_RUN,         set_thorough,   0 },
        { "timeout-ms",            "u",  IN_RUN | IN_SEARCH, set_timeout, 0 },
        { "tls-name",              "s",  IN_SERVICE,     set_host,       MEMBER(tls_name) },
        { "username",              "s",  IN_SERVICE,     set_text,       MEMBER(username) },
};
_Static_assert(ELEMENTS(options) <= 64, "OptionsSeen has a bit for each");

/* Keys under which somebody might try to send a secret, and where it belongs. */
static const struct {
        const char *key, *instead;
} secrets[] = {
        { "pass", "password-fd" },
        { "passwd", "password-fd" },
        { "password", "password-fd" },
        { "oauth2-token", "oauth2-token-fd" },
        { "token", "oauth2-token-fd" },
        { "client-key", "client-key-fd" },
};

/* Pairs that one dictionary cannot hold together. */
static const char *const rivals[][2] = {
        { "password-fd", "oauth2-token-fd" },
        { "password-fd", "secret" },
        { "oauth2-token-fd", "secret" },
};

static const Option *look_up(const char *key) {
        for (size_t i = 0; i < ELEMENTS(options); i++)
                if (!strcmp(options[i].key, key))
                        return &options[i];
        return NULL;
}

const char *option_key_at(size_t i) {
        return i < ELEMENTS(options) ? options[i].key : NULL;
}

const char *option_type(const Option *option) {
        return option->type;
}

/* ---- refusals ---- */

__attribute__((format(printf, 2, 3)))
static int refuse(char **ret_error, const char *format, ...) {
        va_list arguments;
        va_start(arguments, format);
        int r = vasprintf(ret_error, format, arguments);
        va_end(arguments);
        return r < 0 ? -ENOMEM : -EINVAL;
}

static int refuse_unknown(const char *key, char **ret_error) {
        for (size_t i = 0; i < ELEMENTS(secrets); i++)
                if (!strcmp(secrets[i].key, key))
                        return refuse(ret_error, "option '%s' is refused: a secret is never a value in a message; pass "
                                      "a descriptor as '%s'", key, secrets[i].instead);

        _cleanup_free_ char *shown = md_text_clean(key, strlen(key), SHOWN_MAX);
        return shown ? refuse(ret_error, "option '%s' is not known", shown) : -ENOMEM;
}

static const char *const places[] = {
        [OPTION_PLACE_CHECK] = "the whole check",
        [OPTION_PLACE_ACCOUNT] = "an account",
        [OPTION_PLACE_SERVICE] = "a service",
        [OPTION_PLACE_KNOWN] = "an account",
        [OPTION_PLACE_SEARCH] = "Discover",
};

static bool is_seen(const OptionsSeen *seen, const Option *option) {
        return seen->keys & UINT64_C(1) << (option - options);
}

static int check_rivals(const Option *option, const OptionsSeen *seen, char **ret_error) {
        for (size_t i = 0; i < ELEMENTS(rivals); i++)
                for (size_t k = 0; k < 2; k++)
                        if (!strcmp(option->key, rivals[i][k]) && is_seen(seen, look_up(rivals[i][!k])))
                                return refuse(ret_error, "options '%s' and '%s' exclude each other", rivals[i][0],
                                              rivals[i][1]);
        return 0;
}

int option_find(OptionPlace place, const char *key, const char *signature, OptionsSeen *seen, const Option **ret,
                char **ret_error) {
        const Option *option = look_up(key);
        if (!option)
                return refuse_unknown(key, ret_error);
        if (place == OPTION_PLACE_SEARCH && !(option->scope & IN_SEARCH))
                return refuse(ret_error, "option '%s' belongs to a check, not to %s", key, places[place]);
        if (place != OPTION_PLACE_SEARCH && option->scope == IN_SEARCH)
                return refuse(ret_error, "option '%s' belongs to %s, not to a check", key, places[OPTION_PLACE_SEARCH]);
        if (place == OPTION_PLACE_KNOWN && !(option->scope & (IN_RUN | IN_KNOWN)))
                return refuse(ret_error, "option '%s' is a setting, which the account has itself", key);
        if ((place == OPTION_PLACE_ACCOUNT || place == OPTION_PLACE_SERVICE) && option->scope & IN_RUN)
                return refuse(ret_error, "option '%s' belongs to the whole check, not to %s", key, places[place]);
        if (place != OPTION_PLACE_SERVICE && option->scope & IN_ONE_SERVICE)
                return refuse(ret_error, "option '%s' belongs to a service, not to %s", key, places[place]);
        if (is_seen(seen, option))
                return refuse(ret_error, "option '%s' is given twice", key);
        if (strcmp(option->type, signature)) {
                _cleanup_free_ char *shown = md_text_clean(signature, strlen(signature), SHOWN_MAX);
                return shown ? refuse(ret_error, "option '%s' must be of type %s, not %s", key, option->type, shown) :
                               -ENOMEM;
        }
        int r = check_rivals(option, seen, ret_error);
        if (r < 0)
                return r;
        seen->keys |= UINT64_C(1) << (option - options);
        *ret = option;
        return 0;
}

/* ---- values ---- */

static int apply(const Option *option, const char *what, const OptionValue *value, Settings *settings,
                 ServiceSettings *service, char **ret_error) {
        const Goal goal = { option, settings, service };
        const char *wrong = NULL;

        int r = option->set(&goal, value, &wrong);
        return wrong ? refuse(ret_error, "%s '%s' %s", what, option->key, wrong) : r;
}

int option_apply(const Option *option, const OptionValue *value, Settings *settings, ServiceSettings *service,
                 char **ret_error) {
        return apply(option, "option", value, settings, service, ret_error);
}

int option_apply_argument(const char *key, const OptionValue *value, ServiceSettings *service, char **ret_error) {
        return apply(look_up(key), "argument", value, NULL, service, ret_error);
}
