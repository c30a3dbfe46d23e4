/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The configuration: maildiag.conf of the configuration directory, and the files of maildiag.conf.d after it in the order
 * of their names, of which the last one that says something counts.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "access.h"
#include "control.h"
#include "instance.h"

typedef struct Conf {
        char *msmtp, *postfix;          /* files of these programs that accounts are read from; NULL: none */
        char *mail_clients;             /* names of those of the user that are read, a space between two; "": none; NULL: all */
        bool control_given;
        ControlList control;            /* hosts for comparison, where they are given */
        char *proxy;                    /* "http://host:port": through which published settings are fetched; NULL: none */
        char *ispdb;                    /* the central database of settings, to which a domain is added; NULL: none */
        Access access;                  /* of the users of a system instance */
        int64_t interval_usec;          /* between two checks of an account; 0: there are none by themselves */
        uint32_t logins_a_day;          /* checks of an account with login */
        int64_t confirm_usec;           /* until a change to broken is confirmed */
        int64_t back_off_usec;          /* the longest time between two checks of what stays broken */
} Conf;

/* What is wrong with a value for the proxy or the database, which may be "none"; NULL: nothing. */
const char *conf_proxy_fault(const char *value);
const char *conf_ispdb_fault(const char *value);

/* What could not be read, or not understood. */
typedef struct ConfFault {
        char *path;
        unsigned line;                  /* 0: the whole file */
        char *text;
} ConfFault;

void conf_fault_done(ConfFault *fault);

/* Where an instance has its configuration: what was asked for, else /etc/maildiag of the system and of root, else
 * $XDG_CONFIG_HOME/maildiag or ~/.config/maildiag.  A new string; NULL: nowhere, or out of memory. */
char *conf_place(Instance instance, const char *asked);

/* What counts where nothing is said.  Returns 0, -ENOMEM. */
int conf_init(Conf *conf, Instance instance);
void conf_done(Conf *conf);
/* Takes one file in, pure.  Returns 0; -EINVAL and the fault, with `path` copied into it; -ENOMEM. */
int conf_parse(Conf *conf, const char *path, const char *text, size_t size, ConfFault *ret_fault);
/* Reads all of it, `directory` NULL: there is none.  Returns 0; -EINVAL and the first fault, and then ret is not written;
 * -ENOMEM. */
int conf_read(const char *directory, Instance instance, Conf *ret, ConfFault *ret_fault);
