/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Accounts made of a few words, for tests of the notifier. */

#include <check.h>
#include <stdio.h>

#include "watched.h"

/* The account "user/ID" or "system/ID" with a name, a status and its findings in JSON (' for "; NULL: none). */
static inline Watched *put_account(WatchList *list, const char *key, const char *name, const char *status,
                                   const char *findings) {
        bool system = key[0] == 's';
        char path[128], document[4096];
        Watched *watched;

        snprintf(path, sizeof(path), "/org/maildiag/Diag1/account/%s", strchr(key, '/') + 1);
        ck_assert_int_eq(watch_list_add(list, system, path, &watched), 0);
        snprintf(document, sizeof(document), "{'name': '%s', 'status': '%s', 'findings': [%s]}", name, status,
                 findings ? findings : "");
        for (char *c = document; *c; c++)
                *c = *c == '\'' ? '"' : *c;
        json_t *details = json_loads(document, 0, NULL);
        ck_assert_ptr_nonnull(details);
        watched->stale = false;
        watched_describe(watched, details);
        return watched;
}

/* Findings that tests share. */
#define PORT "{'code': 'port.expects-starttls', 'severity': 'error', 'actor': 'user', 'setting': 'security', 'service': 'smtp', " \
        "'host': 'smtp.example.org', 'port': 587, 'message': 'Port 587 begins in clear text', 'hint': 'Set it to STARTTLS, or so.', " \
        "'verified': true, 'suggested': 'starttls', 'changes': [{'setting': 'security', 'from': 'tls', 'to': 'starttls'}]}"
#define EXPIRED "{'code': 'cert.expired', 'severity': 'error', 'actor': 'provider', 'service': 'imap', 'host': 'imap.example.org', " \
        "'port': 993, 'message': 'The certificate of imap.example.org expired', 'hint': 'Wait for the provider to renew it; do not.'}"
#define EXPIRED_SMTP "{'code': 'cert.expired', 'severity': 'error', 'actor': 'provider', 'service': 'smtp', " \
        "'host': 'imap.example.org', 'port': 465, 'message': 'The certificate of imap.example.org expired', 'hint': 'Wait.'}"
#define REFUSED "{'code': 'auth.refused', 'severity': 'error', 'actor': 'user', 'setting': 'password', 'service': 'imap', " \
        "'host': 'imap.example.org', 'port': 993, 'message': 'The password was refused', 'hint': 'Enter it again. Slowly.'}"
#define REFUSED_SMTP "{'code': 'auth.refused', 'severity': 'error', 'actor': 'user', 'setting': 'password', 'service': 'smtp', " \
        "'host': 'smtp.example.org', 'port': 465, 'message': 'The password was refused', 'hint': 'Enter it again. Slowly.'}"
#define BLOCKED(PORT_NUMBER) "{'code': 'net.port-blocked', 'severity': 'error', 'actor': 'network', 'setting': 'port', 'service': 'smtp', " \
        "'host': 'a.example', 'port': " PORT_NUMBER ", 'message': 'This network blocks the port', 'hint': 'Use another port.'}"
#define CLOCK "{'code': 'local.clock', 'severity': 'error', 'actor': 'computer', 'service': 'imap', 'host': 'imap.example.org', " \
        "'port': 993, 'message': 'The clock is wrong', 'hint': 'Set the clock.'}"
#define FULL "{'code': 'mailbox.nearly-full', 'severity': 'warning', 'actor': 'user', 'service': 'imap', 'host': 'imap.example.org', " \
        "'port': 993, 'message': 'The mailbox is nearly full', 'hint': 'Delete something.'}"
#define OLD_TLS "{'code': 'tls.old', 'severity': 'warning', 'actor': 'provider', 'service': 'imap', 'host': 'imap.example.org', " \
        "'port': 993, 'message': 'TLS is old', 'hint': 'Tell the provider.'}"
