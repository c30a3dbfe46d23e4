/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * An account that the daemon knows: an address, its services, and where each value of them comes from.
 *
 * It is what a configuration says, in the words of that configuration's program; account_to_settings() makes of it what a
 * diagnosis takes.  A value that nobody wrote down, but that the program would use, is there as well and marked as
 * assumed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "account-status.h"
#include "account-watch.h"

#define ACCOUNT_ID_MAX 64u
#define ACCOUNT_NAME_MAX 128u           /* bytes of a display name */
#define ACCOUNT_PATHS_MAX 3u
#define ACCOUNT_SERVICES_MAX 16u

typedef enum ServiceField {
        SERVICE_FIELD_HOST,
        SERVICE_FIELD_PORT,
        SERVICE_FIELD_SECURITY,
        SERVICE_FIELD_USERNAME,
        SERVICE_FIELD_AUTH,             /* mechanisms, a space between two */
        SERVICE_FIELD_SECRET,           /* "credential:NAME"; "none"; of another program that has one:
                                         * "stored" in its file, or "command" that it runs */
        SERVICE_FIELD_ADDRESS,          /* instead of the account's */
        SERVICE_FIELD_TLS_NAME,
        SERVICE_FIELD_CONNECT_TO,
        SERVICE_FIELD_CLEARTEXT,        /* "yes": a login without TLS is allowed */
        _SERVICE_FIELD_MAX,
} ServiceField;

/* Where a value stands. */
typedef struct Origin {
        uint8_t path;                   /* index into the account's paths */
        bool assumed;                   /* it stands nowhere: its program would use it */
        unsigned line;                  /* 0: none */
        const char *key;                /* as the program calls it */
} Origin;

typedef struct AccountValue {
        char *text;                     /* NULL: there is none; its key follows behind the NUL */
        uint32_t line;
        uint8_t path;
        bool assumed;
} AccountValue;

typedef struct AccountService {
        char protocol[32];
        AccountValue values[_SERVICE_FIELD_MAX];
} AccountService;

typedef struct Account {
        char *id;                       /* opaque, stable, and seen by everybody */
        const char *program;            /* whose configuration it is: "maildiag", "msmtp", … ; a constant */
        char *paths[ACCOUNT_PATHS_MAX]; /* files that it comes from, the main one first; NULL: no more */
        AccountValue name;              /* for people; NULL: none */
        AccountValue address;           /* NULL: none */
        size_t n_services;
        AccountService *services;
        AccountStatus status;
        AccountWatch watch;             /* the monitor's */
} Account;

Account *account_new(const char *id, const char *program, const char *path);
Account *account_free(Account *account);
/* An id that stays the same as long as program, file and name do, and tells nobody what they are.  NULL: out of memory. */
char *account_make_id(const char *program, const char *path, const char *name);
/* NULL, or what is wrong with an id that somebody chose, to follow its name. */
const char *account_id_fault(const char *id);

/* One more service.  Returns 0, -E2BIG, -ENOMEM; `protocol` is valid. */
int account_add_service(Account *account, const char *protocol, AccountService **ret);

/* Replace a value.  Return 0, -ENOMEM. */
int account_value_set(AccountValue *value, const char *text, const Origin *origin);
int account_value_copy(AccountValue *value, const AccountValue *from);
void account_value_clear(AccountValue *value);
/* The key that it stands under; "" when it is assumed. */
const char *account_value_key(const AccountValue *value);

/* The name for people: its own, else the address, else the id. */
const char *account_title(const Account *account);
/* Whether they say the same, wherever it stands. */
bool account_equal(const Account *a, const Account *b);
/* Takes over what another account with this id says; its own status stays. */
void account_take(Account *account, Account *from);

/* Name of a field as keys, interface and documents call it: "host", "tls-name", …. */
const char *service_field_name(ServiceField field);
