/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The settings that are to be checked, as a caller gave them: an address and its services.  Form is checked here;
 * whether they are right is what the diagnosis is for. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <maildiag/plugin.h>

#define SETTINGS_SERVICES_MAX 16u
#define SETTINGS_TIMEOUT_MS_MIN 100u
#define SETTINGS_TIMEOUT_MS_MAX 600000u
#define SETTINGS_TIMEOUT_MS_DEFAULT 20000u

typedef struct ServiceSettings {
        char *protocol;                 /* name of a protocol plugin */
        char *host;                     /* as given: U-label, A-label or address literal, without brackets */
        uint16_t port;                  /* 0: the default */
        bool security_auto;             /* try what RFC 8314 recommends; `security` does not count then */
        MdSecurity security;
        char *username;                 /* NULL: none */
        char *address;                  /* NULL: the account's */
        char *tls_name;
        char *connect_to;
        char **mechanisms;              /* NULL-terminated; NULL: any */
        int secret_fd;                  /* -1: none; owned */
        char *secret_name;              /* "credential:NAME", which is opened later; "none"; NULL: not given */
        char *secret_missing;           /* name of a secret that cannot be had; NULL: none */
        bool oauth_token;               /* secret_fd holds a token */
        int certificate_fd, key_fd;     /* -1: none; owned */
        bool allow_cleartext;
        char *assumed_from;             /* nobody gave this service: where it was found; NULL: it was given */
} ServiceSettings;

/* How settings are looked for that an address should have. */
typedef struct SearchSettings {
        bool only;                      /* that is all that is asked */
        bool offline;                   /* nobody on the network is asked */
        bool no_probe;                  /* what is found is not tried */
        char **origins;                 /* NULL-terminated: names of the plugins that are asked; NULL: all */
} SearchSettings;

typedef struct Settings {
        char *account;                  /* id of the account that they are of; NULL: of none that the daemon knows */
        bool as_known;                  /* they are all that it says, and nothing else: the outcome is its status */
        char *address;                  /* NULL: none */
        size_t n_services;
        ServiceSettings services[SETTINGS_SERVICES_MAX];
        ServiceSettings model;          /* where no service is given: what those that are found start from */
        SearchSettings search;
        bool depth_given;
        MdDepth depth;
        uint32_t timeout_ms;
        bool ignore_login_budget;
        bool guarded;                   /* asked for by a user of the system: only mail ports of other computers */
        bool thorough;                  /* look at more than apps of today depend on */
        int ca_fd;                      /* -1: none; owned */
} Settings;

void service_settings_init(ServiceSettings *service);
void service_settings_done(ServiceSettings *service);

/* Copies into an initialised service, with descriptors of its own.  Returns 0, -EMFILE, -ENOMEM; what was copied until
 * then is freed with it. */
int service_settings_copy(const ServiceSettings *from, ServiceSettings *to);

void settings_init(Settings *settings);
void settings_done(Settings *settings);
/* Appends a copy of `defaults` with descriptors of its own; NULL: an empty service.  Returns 0 and the service, -E2BIG
 * when there are too many, -EMFILE, -ENOMEM. */
int settings_add_service(Settings *settings, const ServiceSettings *defaults, ServiceSettings **ret);
/* Copies what belongs to the whole run and to no service or account.  Returns 0, -EMFILE. */
int settings_copy_run(const Settings *from, Settings *to);
/* Where a secret comes without a user name, the name is the address, as mail apps guess it.  Returns 0, -ENOMEM. */
int settings_fill_in(Settings *settings);

/* Appends a service that was found.  Returns 0, -E2BIG, -EMFILE, -ENOMEM. */
int settings_assume_service(Settings *settings, const char *protocol, const char *host, uint16_t port,
                            MdSecurity security, const char *username, const char *from);

/* How far the check goes: what was asked for, else "full" with a secret and "tls" without. */
MdDepth settings_depth(const Settings *settings, const ServiceSettings *service);

/*
 * Checks the form: addresses, host names and their labels, ports, control characters, user names, mechanisms, and
 * that descriptors are of a kind that can be read (a pipe only where one probe reads it).  Returns 0, or -EINVAL with
 * one line in ret_error (the caller frees it) that names the setting, the service and what is wrong; -ENOMEM.
 */
int settings_validate(const Settings *settings, char **ret_error);
/* Of several accounts, each valid by itself: that no two of them are to read one pipe.  Returns as above. */
int settings_validate_all(const Settings *accounts, size_t n, char **ret_error);
