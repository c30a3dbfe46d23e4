/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The account that is to be written: its parts are checked once, here, so that no writer meets an odd one. */

#include <errno.h>
#include <idn2.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"
#include "export.h"
#include "i18n.h"
#include "text.h"

#define USERNAME_MAX 512

ExportAccount *export_account_free(ExportAccount *account) {
        for (size_t i = 0; account && i < account->n_services; i++) {
                free(account->services[i].host);
                free(account->services[i].username);
        }
        for (size_t i = 0; account && i < account->n_notes; i++)
                free(account->notes[i]);
        if (account) {
                free(account->address);
                free(account->local);
                free(account->domain);
                free(account);
        }
        return NULL;
}

/* The form of the network for a host name: lower case, A-labels.  NULL when it has none, or when out of memory. */
static char *network_name(const char *name) {
        static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-._:";
        char *result = NULL, *found;

        if (idn2_to_ascii_8z(name, &found, IDN2_NONTRANSITIONAL) == IDN2_OK) {
                if (strspn(found, plain) == strlen(found))
                        result = strdup(found);
                idn2_free(found);
        }
        return result;
}

int export_account_new(const char *address, ExportAccount **ret, const char **ret_problem) {
        const char *at = strrchr(address, '@');

        *ret_problem = address_problem(address);
        if (*ret_problem)
                return -EINVAL;
        if (!md_text_is_clean(address, strlen(address))) {
                *ret_problem = N_("it contains a control character or is not UTF-8 text");
                return -EINVAL;
        }
        ExportAccount *account = calloc(1, sizeof(*account));
        if (!account)
                return -ENOMEM;
        account->address = strdup(address);
        account->local = strndup(address, (size_t) (at - address));
        account->domain = network_name(at + 1);
        if (account->address && account->local && account->domain) {
                *ret = account;
                return 0;
        }
        *ret_problem = N_("the domain is no name of the network");
        export_account_free(account);
        return -EINVAL;
}

static const char *username_problem(const char *username) {
        if (*username == '\0')
                return N_("the user name is empty");
        if (strlen(username) > USERNAME_MAX)
                return N_("the user name is too long");
        if (!md_text_is_clean(username, strlen(username)))
                return N_("the user name contains a control character or is not UTF-8 text");
        return NULL;
}

int export_account_add(ExportAccount *account, const ExportService *service, const char **ret_problem) {
        const char *username = service->username ?: account->address;

        *ret_problem = username_problem(username);
        if (!*ret_problem && account->n_services == EXPORT_SERVICES_MAX)
                *ret_problem = N_("there are too many services");
        if (!*ret_problem && service->port == 0)
                *ret_problem = N_("the port must be a number from 1 to 65535");
        if (*ret_problem)
                return -EINVAL;

        ExportService *added = &account->services[account->n_services];
        *added = *service;
        added->host = network_name(service->host);
        added->username = strdup(username);
        if (added->host && added->username && *added->host) {
                account->n_services++;
                return 0;
        }
        *ret_problem = N_("the server is no name of the network");
        free(added->host);
        free(added->username);
        return -EINVAL;
}

int export_account_note(ExportAccount *account, const char *text) {
        if (!md_text_is_clean(text, strlen(text)))
                return -EINVAL;
        if (account->n_notes == EXPORT_NOTES_MAX)
                return 0;
        account->notes[account->n_notes] = strdup(text);
        if (!account->notes[account->n_notes])
                return -ENOMEM;
        account->n_notes++;
        return 0;
}

const ExportService *export_service(const ExportAccount *account, const char *protocol) {
        for (size_t i = 0; i < account->n_services; i++)
                if (!strcmp(account->services[i].protocol, protocol))
                        return &account->services[i];
        return NULL;
}

const ExportService *export_receiving(const ExportAccount *account) {
        return export_service(account, "imap") ?: export_service(account, "pop3");
}
