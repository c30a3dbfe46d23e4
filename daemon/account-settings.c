/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values of an account through the same door as those of a caller: the table of options. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "account-file.h"
#include "account-settings.h"
#include "options.h"
#include "own.h"

static int apply_text(ServiceSettings *service, const char *key, const char *text, char **ret_error) {
        return option_apply_argument(key, &(OptionValue) { .text = text }, service, ret_error);
}

static int apply_port(ServiceSettings *service, const char *key, const char *text, char **ret_error) {
        return option_apply_argument(key, &(OptionValue) { .number = (uint32_t) strtoul(text, NULL, 10) }, service,
                                     ret_error);
}

static int apply_truth(ServiceSettings *service, const char *key, const char *text, char **ret_error) {
        return option_apply_argument(key, &(OptionValue) { .truth = !strcmp(text, "yes") }, service, ret_error);
}

static int apply_list(ServiceSettings *service, const char *key, const char *text, char **ret_error) {
        _cleanup_free_ char *copy = strdup(text);
        const char *words[32];
        char *rest = copy, *word;
        size_t n = 0;

        if (!copy)
                return -ENOMEM;
        while (n + 1 < ELEMENTS(words) && (word = strsep(&rest, " ")))
                words[n++] = word;
        words[n] = NULL;
        return option_apply_argument(key, &(OptionValue) { .list = words }, service, ret_error);
}

static const struct {
        ServiceField field;
        int (*apply)(ServiceSettings *service, const char *key, const char *text, char **ret_error);
} fields[] = {
        { SERVICE_FIELD_HOST, apply_text },
        { SERVICE_FIELD_PORT, apply_port },
        { SERVICE_FIELD_SECURITY, apply_text },
        { SERVICE_FIELD_USERNAME, apply_text },
        { SERVICE_FIELD_AUTH, apply_list },
        { SERVICE_FIELD_ADDRESS, apply_text },
        { SERVICE_FIELD_TLS_NAME, apply_text },
        { SERVICE_FIELD_CONNECT_TO, apply_text },
        { SERVICE_FIELD_CLEARTEXT, apply_truth },
};

static int apply_secret(const AccountService *from, const Credentials *credentials, ServiceSettings *service) {
        const char *secret = from->values[SERVICE_FIELD_SECRET].text;
        const char *name = secret ? account_secret_name(secret) : NULL;

        if (!name || !credentials)
                return 0;
        int fd = credentials_open(credentials, name);
        if (fd == -EMFILE || fd == -ENFILE || fd == -ENOMEM)
                return fd;
        if (fd >= 0)
                service->secret_fd = fd;
        else if (!(service->secret_missing = strdup(name)))
                return -ENOMEM;
        return 0;
}

static int add_service(const AccountService *from, const Credentials *credentials, Settings *settings,
                       char **ret_error) {
        ServiceSettings *service;

        int r = settings_add_service(settings, NULL, &service);
        if (r >= 0)
                r = apply_text(service, "protocol", from->protocol, ret_error);
        for (size_t i = 0; r >= 0 && i < ELEMENTS(fields); i++) {
                const char *text = from->values[fields[i].field].text;
                if (text)
                        r = fields[i].apply(service, service_field_name(fields[i].field), text, ret_error);
        }
        return r < 0 ? r : apply_secret(from, credentials, service);
}

int account_to_settings(const Account *account, const Credentials *credentials, Settings *settings, char **ret_error) {
        int r = 0;

        if (account->address.text && !(settings->address = strdup(account->address.text)))
                return -ENOMEM;
        if (!(settings->account = strdup(account->id)))
                return -ENOMEM;
        for (size_t i = 0; r >= 0 && i < account->n_services; i++)
                r = add_service(&account->services[i], credentials, settings, ret_error);
        if (r >= 0)
                r = settings_validate(settings, ret_error);
        return r < 0 ? r : 0;
}
