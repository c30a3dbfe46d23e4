/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What one call of the client was asked: the words and options of its command line, in parts.  Filled by
 * options-apply from the table of options; texts without a note point into argv. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SERVICES_MAX 16                 /* as in the interface: CheckSettings */
#define GUIDE_SETTINGS_MAX 16
#define WORDS_MAX 64                    /* as in the interface: StartCheck */

typedef enum Instance {
        INSTANCE_DEFAULT,               /* system for root, session for others */
        INSTANCE_SYSTEM,
        INSTANCE_SESSION,
        INSTANCE_PRIVATE,               /* a daemon of its own, for this call */
} Instance;

typedef enum SecretSource {
        SECRET_NONE,
        SECRET_FD,
        SECRET_FILE,
        SECRET_ASK,
} SecretSource;

typedef struct Service {
        const char *protocol;
        char *host;                     /* owned, no brackets */
        uint16_t port;                  /* 0: the default */
        const char *security;           /* NULL: that of the settings */
} Service;

typedef struct Settings {
        const char *words[WORDS_MAX];   /* what follows the verb */
        size_t n_words;

        bool help;
        bool version;
        bool json;
        bool list;
        bool nagios;
        const char *output;             /* file to write instead of the standard output */
        const char *import_path;        /* what is read besides the usual places; NULL: nothing */
        bool dry_run;
        uint64_t mute_usec;             /* for how long; 0: not said */
        bool mute_off;
        const char *colour;             /* "auto", "always", "never"; NULL: auto */

        Instance instance;
        const char *host;               /* whose system bus is spoken with over SSH; NULL: this computer's */
        const char *machine;            /* the same of a container of this computer */
        const char *plugin_dir;
        const char *config_dir;

        const char *client;             /* the app whose guide is shown with the faults */
        const char *guide_settings[GUIDE_SETTINGS_MAX];
        size_t n_guide_settings;
        const char *report_file;        /* of an earlier check */
        const char *format;             /* in which settings are written */
        bool unverified;                /* though they are not proved */

        bool known;                     /* the words are ids of accounts that the daemon knows; none: all of them */
        const char *accounts_file;      /* instead of an address and its services */
        const char *address;
        const char *name;               /* of an account, for people */
        const char *credential;         /* its secret */
        Service services[SERVICES_MAX];
        size_t n_services;
        const char *security;
        const char *security_imap;      /* for the services of one protocol */
        const char *security_pop3;
        const char *security_smtp;
        bool discover;                  /* only the settings are looked for */
        bool offline;                   /* nobody on the network is asked what they should be */
        bool no_probe;                  /* what is found is not tried */
        const char *depth;
        char *connect_to;               /* owned */
        char *tls_name;                 /* owned */
        uint32_t timeout_ms;            /* 0: the default of the daemon */

        const char *user;
        SecretSource secret;
        bool secret_is_token;           /* an OAuth 2.0 access token */
        const char *secret_option;      /* name of the option that gave it */
        const char *secret_file;
        int secret_fd;
        char **mechanisms;              /* owned, NULL-terminated; NULL: any */
        bool allow_cleartext_login;
        bool ignore_login_budget;
        bool thorough;
        const char *ca_file;
        const char *client_cert;
        const char *client_key;
} Settings;

void settings_done(Settings *settings);
