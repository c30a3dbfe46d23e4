/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Reads an account file, and refuses all that it does not know: a misspelled key must not weaken a check in silence.
 *
 * A secret never stands in it.  What looks like one is refused, and no fault repeats a value that could be one.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account-file.h"
#include "form.h"
#include "ini.h"
#include "own.h"
#include "target.h"
#include "text.h"

#define MECHANISMS_MAX 16u
#define SHOWN_MAX 80u                   /* bytes of a value that a fault repeats */
#define SECRET_PREFIX "credential:"

typedef struct Reader {
        Account *account;
        AccountService *service;        /* the section; NULL: [account], or none yet */
        AccountValue defaults[_SERVICE_FIELD_MAX];
        char sections[ACCOUNT_SERVICES_MAX][80];        /* names of the services' sections */
        bool seen_account;
} Reader;

__attribute__((format(printf, 2, 3)))
static int refuse(char **ret_fault, const char *format, ...) {
        va_list arguments;
        va_start(arguments, format);
        int r = vasprintf(ret_fault, format, arguments);
        va_end(arguments);
        return r < 0 ? -ENOMEM : -EINVAL;
}

/* ---- the form of values: NULL, or what is wrong, to follow the value ---- */

static const char *fault_name(const char *value) {
        return strlen(value) > ACCOUNT_NAME_MAX ? "is longer than 128 bytes" : NULL;
}

static const char *fault_port(const char *value) {
        size_t length = strlen(value);
        unsigned long port = strtoul(value, NULL, 10);

        if (strspn(value, "0123456789") != length || length > 5 || port < 1 || port > 65535)
                return "must be a number from 1 to 65535";
        return NULL;
}

static const char *fault_security(const char *value) {
        return md_security_from_string(value) < 0 && strcmp(value, "auto") ? "must be tls, starttls, none or auto" : NULL;
}

static const char *fault_truth(const char *value) {
        return strcmp(value, "yes") && strcmp(value, "no") ? "must be yes or no" : NULL;
}

static bool is_credential_name(const char *name) {
        size_t length = strlen(name);
        return length > 0 && length <= 64 && name[0] != '.' &&
               strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == length;
}

const char *account_secret_name(const char *secret) {
        if (strncmp(secret, SECRET_PREFIX, strlen(SECRET_PREFIX)))
                return NULL;
        secret += strlen(SECRET_PREFIX);
        return is_credential_name(secret) ? secret : NULL;
}

static const char *fault_secret(const char *value) {
        return account_secret_name(value) || !strcmp(value, "none") ? NULL :
                "must be credential:NAME or none; the secret itself never stands in this file";
}

/* Names of mechanisms are upper case (RFC 4422 section 3.1); people do not always write them so. */
static char upper_case(char c) {
        return c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
}

static const char *fault_mechanisms(const char *value) {
        size_t n = 0;

        for (const char *word = value; *word; n++) {
                char name[32];
                size_t length = strcspn(word, " ,");
                if (length >= sizeof(name))
                        return "holds the name of a mechanism that is too long";
                for (size_t i = 0; i <= length; i++)
                        name[i] = i == length ? '\0' : upper_case(word[i]);
                if (form_fault_mechanism(name))
                        return "must be names of mechanisms, with a space between two (PLAIN SCRAM-SHA-256)";
                word += length + strspn(word + length, " ,");
        }
        return n > MECHANISMS_MAX ? "names more than 16 mechanisms" : NULL;
}

/* ---- keys ---- */

enum {
        IN_ACCOUNT = 1 << 0,
        IN_SERVICE = 1 << 1,
};

#define KEY_NAME (-1)
#define KEY_ADDRESS (-2)

typedef struct Key {
        const char *key;
        int field;                      /* of a service; or a KEY of the account alone */
        unsigned places;
        const char *(*find_fault)(const char *value);
        bool hidden;                    /* a fault does not repeat its value */
} Key;

static const Key keys[] = {
        { "name",                  KEY_NAME,                 IN_ACCOUNT,              fault_name },
        { "address",               KEY_ADDRESS,              IN_ACCOUNT,              form_fault_address },
        { "address",               SERVICE_FIELD_ADDRESS,    IN_SERVICE,              form_fault_address },
        { "allow-cleartext-login", SERVICE_FIELD_CLEARTEXT,  IN_SERVICE,              fault_truth },
        { "auth",                  SERVICE_FIELD_AUTH,       IN_ACCOUNT | IN_SERVICE, fault_mechanisms },
        { "connect-to",            SERVICE_FIELD_CONNECT_TO, IN_SERVICE,              form_fault_host },
        { "host",                  SERVICE_FIELD_HOST,       IN_SERVICE,              form_fault_host },
        { "port",                  SERVICE_FIELD_PORT,       IN_SERVICE,              fault_port },
        { "secret",                SERVICE_FIELD_SECRET,     IN_ACCOUNT | IN_SERVICE, fault_secret, true },
        { "security",              SERVICE_FIELD_SECURITY,   IN_SERVICE,              fault_security },
        { "tls-name",              SERVICE_FIELD_TLS_NAME,   IN_SERVICE,              form_fault_host },
        { "username",              SERVICE_FIELD_USERNAME,   IN_ACCOUNT | IN_SERVICE, form_fault_username },
};

/* Keys under which somebody might put a secret. */
static const char *const secrets[] = {
        "pass", "passwd", "password", "passphrase", "token", "oauth2-token", "client-key",
};

static int refuse_key(const char *key, unsigned place, char **ret_fault) {
        for (size_t i = 0; i < ELEMENTS(secrets); i++)
                if (md_word_equal(key, secrets[i]))
                        return refuse(ret_fault, "key '%s' is refused: a secret never stands in this file; keep it as a "
                                      "credential, and name that: secret = credential:NAME", secrets[i]);
        for (size_t i = 0; i < ELEMENTS(keys); i++)
                if (!strcmp(keys[i].key, key))
                        return refuse(ret_fault, place == IN_ACCOUNT ? "key '%s' belongs to a service, not to [account]" :
                                                                       "key '%s' belongs to [account], not to a service",
                                      key);
        return refuse(ret_fault, "key '%s' is not known", key);
}

static const Key *find_key(const char *key, unsigned place) {
        for (size_t i = 0; i < ELEMENTS(keys); i++)
                if (!strcmp(keys[i].key, key) && keys[i].places & place)
                        return &keys[i];
        return NULL;
}

/* Where a value of this key goes. */
static AccountValue *place_of(Reader *reader, const Key *key) {
        if (key->field == KEY_NAME)
                return &reader->account->name;
        if (key->field == KEY_ADDRESS)
                return &reader->account->address;
        return reader->service ? &reader->service->values[key->field] : &reader->defaults[key->field];
}

static int check_value(const Key *key, const char *value, char **ret_fault) {
        const char *fault = *value ? key->find_fault(value) : "is empty";

        if (!fault)
                return 0;
        if (key->hidden || !*value)
                return refuse(ret_fault, "%s %s", key->key, fault);
        _cleanup_free_ char *shown = md_text_clean(value, strlen(value), SHOWN_MAX);
        return shown ? refuse(ret_fault, "%s '%s' %s", key->key, shown, fault) : -ENOMEM;
}

/* Mechanisms with one space between two. */
static void put_in_order(char *value) {
        char *to = value;
        for (const char *from = value; *from; from++) {
                bool gap = *from == ' ' || *from == ',';
                if (!gap)
                        *to++ = upper_case(*from);
                else if (to > value && to[-1] != ' ')
                        *to++ = ' ';
        }
        if (to > value && to[-1] == ' ')
                to--;
        *to = '\0';
}

static int on_value(void *userdata, const char *section, const char *key_name, const char *value, unsigned line,
                    char **ret_fault) {
        Reader *reader = userdata;
        unsigned place = reader->service ? IN_SERVICE : IN_ACCOUNT;
        const Key *key = find_key(key_name, place);

        if (!key)
                return refuse_key(key_name, place, ret_fault);
        AccountValue *target = place_of(reader, key);
        if (target->text)
                return refuse(ret_fault, "key '%s' is given twice in this section; first in line %u", key->key,
                              target->line);
        int r = check_value(key, value, ret_fault);
        if (r < 0)
                return r;
        r = account_value_set(target, value, &(Origin) { .line = line, .key = key->key });
        if (r >= 0 && key->field == SERVICE_FIELD_AUTH)
                put_in_order(target->text);
        return r;
}

/* ---- sections ---- */

static int begin_account(Reader *reader, char **ret_fault) {
        if (reader->seen_account)
                return refuse(ret_fault, "the section [account] is there twice");
        reader->seen_account = true;
        reader->service = NULL;
        return 0;
}

static int on_section(void *userdata, const char *section, unsigned line, char **ret_fault) {
        Reader *reader = userdata;
        Account *account = reader->account;
        char protocol[80];

        if (!strcmp(section, "account"))
                return begin_account(reader, ret_fault);
        snprintf(protocol, sizeof(protocol), "%.*s", (int) strcspn(section, " "), section);
        if (form_fault_protocol(protocol))
                return refuse(ret_fault, "section '%s' is neither \"account\" nor the name of a protocol", section);
        for (size_t i = 0; i < account->n_services; i++)
                if (!strcmp(reader->sections[i], section))
                        return refuse(ret_fault, "the section [%s] is there twice; a second service has a word behind its "
                                      "protocol: [%s backup]", section, protocol);
        int r = account_add_service(account, protocol, &reader->service);
        if (r == -E2BIG)
                return refuse(ret_fault, "has more than %u services", ACCOUNT_SERVICES_MAX);
        if (r >= 0)
                snprintf(reader->sections[account->n_services - 1], sizeof(reader->sections[0]), "%s", section);
        return r;
}

/* ---- the whole ---- */

/* What [account] says for all, and what is assumed. */
static int complete_service(Reader *reader, AccountService *service) {
        AccountValue *values = service->values;
        int r = 0;

        for (size_t i = 0; r >= 0 && i < _SERVICE_FIELD_MAX; i++)
                if (!values[i].text && reader->defaults[i].text)
                        r = account_value_copy(&values[i], &reader->defaults[i]);
        if (r >= 0 && !values[SERVICE_FIELD_SECURITY].text)
                r = account_value_set(&values[SERVICE_FIELD_SECURITY], "auto", &(Origin) { .assumed = true });
        const AccountValue *address = values[SERVICE_FIELD_ADDRESS].text ? &values[SERVICE_FIELD_ADDRESS] :
                                                                           &reader->account->address;
        if (r >= 0 && values[SERVICE_FIELD_SECRET].text && !values[SERVICE_FIELD_USERNAME].text && address->text)
                r = account_value_set(&values[SERVICE_FIELD_USERNAME], address->text, &(Origin) { .assumed = true });
        return r;
}

static int check_service(const Reader *reader, size_t i, char **ret_fault) {
        const AccountValue *values = reader->account->services[i].values;
        const AccountValue *secret = &values[SERVICE_FIELD_SECRET];

        if (!values[SERVICE_FIELD_HOST].text)
                return refuse(ret_fault, "section [%s] names no host", reader->sections[i]);
        if (secret->text && strcmp(secret->text, "none") && !values[SERVICE_FIELD_USERNAME].text)
                return refuse(ret_fault, "section [%s] has a secret, but neither a username nor an address to log in with",
                              reader->sections[i]);
        return 0;
}

static int complete(Reader *reader, unsigned *ret_line, char **ret_fault) {
        Account *account = reader->account;
        int r = 0;

        *ret_line = 0;
        if (account->n_services == 0)
                return refuse(ret_fault, "it names no service: a section [imap], [pop3] or [smtp] is missing");
        for (size_t i = 0; r >= 0 && i < account->n_services; i++)
                r = complete_service(reader, &account->services[i]);
        for (size_t i = 0; r >= 0 && i < account->n_services; i++)
                r = check_service(reader, i, ret_fault);
        return r;
}

int account_file_parse(const char *id, const char *path, const char *text, size_t size, Account **ret, unsigned *ret_line,
                       char **ret_fault) {
        Reader reader = { .account = account_new(id, "maildiag", path) };
        const IniHandler handler = { on_section, on_value, &reader };

        int r = reader.account ? ini_parse(text, size, &handler, ret_line, ret_fault) : -ENOMEM;
        if (r >= 0)
                r = complete(&reader, ret_line, ret_fault);
        for (size_t i = 0; i < _SERVICE_FIELD_MAX; i++)
                account_value_clear(&reader.defaults[i]);
        if (r < 0) {
                account_free(reader.account);
                return r;
        }
        *ret = reader.account;
        return 0;
}
