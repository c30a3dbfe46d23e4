/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The life of an account.  There may be ten thousand: a value is one allocation, and nothing is kept twice. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-id128.h>

#include "account.h"
#include "keyed-hash.h"
#include "own.h"

/* ---- values ---- */

void account_value_clear(AccountValue *value) {
        free(value->text);
        *value = (AccountValue) { 0 };
}

const char *account_value_key(const AccountValue *value) {
        return value->text + strlen(value->text) + 1;
}

int account_value_set(AccountValue *value, const char *text, const Origin *origin) {
        const char *key = origin->assumed || !origin->key ? "" : origin->key;
        size_t size = strlen(text) + 1;

        char *both = malloc(size + strlen(key) + 1);
        if (!both)
                return -ENOMEM;
        memcpy(both, text, size);
        strcpy(both + size, key);
        account_value_clear(value);
        *value = (AccountValue) { both, origin->assumed ? 0 : origin->line, origin->path, origin->assumed };
        return 0;
}

int account_value_copy(AccountValue *value, const AccountValue *from) {
        const Origin origin = { from->path, from->assumed, from->line, from->text ? account_value_key(from) : NULL };

        if (!from->text) {
                account_value_clear(value);
                return 0;
        }
        return account_value_set(value, from->text, &origin);
}

static bool value_equal(const AccountValue *a, const AccountValue *b) {
        if (!a->text || !b->text)
                return a->text == b->text;
        return a->assumed == b->assumed && !strcmp(a->text, b->text);
}

const char *service_field_name(ServiceField field) {
        static const char *const names[] = {
                [SERVICE_FIELD_HOST] = "host",
                [SERVICE_FIELD_PORT] = "port",
                [SERVICE_FIELD_SECURITY] = "security",
                [SERVICE_FIELD_USERNAME] = "username",
                [SERVICE_FIELD_AUTH] = "auth",
                [SERVICE_FIELD_SECRET] = "secret",
                [SERVICE_FIELD_ADDRESS] = "address",
                [SERVICE_FIELD_TLS_NAME] = "tls-name",
                [SERVICE_FIELD_CONNECT_TO] = "connect-to",
                [SERVICE_FIELD_CLEARTEXT] = "allow-cleartext-login",
        };
        return names[field];
}

/* ---- ids ---- */

const char *account_id_fault(const char *id) {
        size_t length = strlen(id);

        if (length == 0)
                return "is empty";
        if (length > ACCOUNT_ID_MAX)
                return "is longer than 64 characters";
        if (strchr(id, '@'))
                return "looks like a mail address, and every user of this computer can see it; choose another word";
        if (id[0] == '.' || id[0] == '-' ||
            strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != length)
                return "must be letters, digits, \"-\", \"_\" and \".\"";
        return NULL;
}

/* Whoever sees an id cannot try out names against it without the computer's own. */
char *account_make_id(const char *program, const char *path, const char *name) {
        static const sd_id128_t purpose = SD_ID128_MAKE(5a, 0f, 3c, 1e, 9b, 7d, 48, 21, a6, 64, 0e, d2, 83, b1, 5f, c7);
        sd_id128_t machine = SD_ID128_NULL;
        char digits[KEYED_HASH_TEXT_SIZE];
        KeyedHash parts[3], key, hash;
        char *id;

        sd_id128_get_machine_app_specific(purpose, &machine);
        memcpy(&key, &machine, sizeof(key));
        parts[0] = keyed_hash(&key, program, strlen(program));
        parts[1] = keyed_hash(&key, path, strlen(path));
        parts[2] = keyed_hash(&key, name, strlen(name));
        hash = keyed_hash(&key, parts, sizeof(parts));
        keyed_hash_to_text(&hash, digits);
        return asprintf(&id, "a%.15s", digits) < 0 ? NULL : id;
}

/* ---- life ---- */

Account *account_new(const char *id, const char *program, const char *path) {
        Account *account = calloc(1, sizeof(*account));

        if (!account)
                return NULL;
        account_status_init(&account->status);
        account->program = program;
        account->id = strdup(id);
        account->paths[0] = strdup(path);
        return account->id && account->paths[0] ? account : account_free(account);
}

static void clear_settings(Account *account) {
        for (size_t i = 0; i < account->n_services; i++)
                for (size_t k = 0; k < _SERVICE_FIELD_MAX; k++)
                        account_value_clear(&account->services[i].values[k]);
        free(account->services);
        account_value_clear(&account->name);
        account_value_clear(&account->address);
        for (size_t i = 0; i < ACCOUNT_PATHS_MAX; i++)
                free(TAKE_PTR(account->paths[i]));
        account->n_services = 0;
        account->services = NULL;
}

Account *account_free(Account *account) {
        if (!account)
                return NULL;
        clear_settings(account);
        account_status_done(&account->status);
        free(account->id);
        free(account);
        return NULL;
}

int account_add_service(Account *account, const char *protocol, AccountService **ret) {
        if (account->n_services == ACCOUNT_SERVICES_MAX)
                return -E2BIG;
        AccountService *larger = reallocarray(account->services, account->n_services + 1, sizeof(AccountService));
        if (!larger)
                return -ENOMEM;
        account->services = larger;
        *ret = &larger[account->n_services++];
        **ret = (AccountService) { 0 };
        strncpy((*ret)->protocol, protocol, sizeof((*ret)->protocol) - 1);
        return 0;
}

const char *account_title(const Account *account) {
        return account->name.text ?: account->address.text ?: account->id;
}

/* ---- another reading of the same ---- */

static bool service_equal(const AccountService *a, const AccountService *b) {
        bool equal = !strcmp(a->protocol, b->protocol);
        for (size_t i = 0; equal && i < _SERVICE_FIELD_MAX; i++)
                equal = value_equal(&a->values[i], &b->values[i]);
        return equal;
}

bool account_equal(const Account *a, const Account *b) {
        bool equal = !strcmp(a->id, b->id) && !strcmp(a->program, b->program) && a->n_services == b->n_services &&
                     value_equal(&a->name, &b->name) && value_equal(&a->address, &b->address);
        for (size_t i = 0; equal && i < a->n_services; i++)
                equal = service_equal(&a->services[i], &b->services[i]);
        return equal;
}

void account_take(Account *account, Account *from) {
        clear_settings(account);
        account->program = from->program;
        memcpy(account->paths, from->paths, sizeof(account->paths));
        account->name = from->name;
        account->address = from->address;
        account->n_services = from->n_services;
        account->services = from->services;
        memset(from->paths, 0, sizeof(from->paths));
        from->name = from->address = (AccountValue) { 0 };
        from->n_services = 0;
        from->services = NULL;
}
