/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The life of settings: who owns the texts and descriptors of a check.  Their form is checked in settings-check.c. */

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "own.h"
#include "settings.h"

void service_settings_init(ServiceSettings *service) {
        *service = (ServiceSettings) {
                .security_auto = true,
                .secret_fd = -1,
                .certificate_fd = -1,
                .key_fd = -1,
        };
}

static void list_free(char **list) {
        for (char **text = list; text && *text; text++)
                free(*text);
        free(list);
}

void service_settings_done(ServiceSettings *service) {
        free(service->protocol);
        free(service->host);
        free(service->username);
        free(service->address);
        free(service->tls_name);
        free(service->connect_to);
        free(service->secret_name);
        free(service->secret_missing);
        free(service->assumed_from);
        list_free(service->mechanisms);
        close_fd(service->secret_fd);
        close_fd(service->certificate_fd);
        close_fd(service->key_fd);
        service_settings_init(service);
}

void settings_init(Settings *settings) {
        memset(settings, 0, sizeof(*settings));
        service_settings_init(&settings->model);
        settings->timeout_ms = SETTINGS_TIMEOUT_MS_DEFAULT;
        settings->ca_fd = -1;
}

void settings_done(Settings *settings) {
        if (!settings)
                return;
        for (size_t i = 0; i < settings->n_services; i++)
                service_settings_done(&settings->services[i]);
        service_settings_done(&settings->model);
        free(settings->account);
        free(settings->address);
        list_free(settings->search.origins);
        close_fd(settings->ca_fd);
        settings_init(settings);
}

/* ---- copies ---- */

static int copy_text(const char *from, char **ret) {
        if (!from)
                return 0;
        *ret = strdup(from);
        return *ret ? 0 : -ENOMEM;
}

static int copy_list(char *const *from, char ***ret) {
        size_t n = 0;
        if (!from)
                return 0;
        while (from[n])
                n++;
        *ret = calloc(n + 1, sizeof(char *));
        if (!*ret)
                return -ENOMEM;
        for (size_t i = 0; i < n; i++)
                if (copy_text(from[i], *ret + i) < 0)
                        return -ENOMEM;
        return 0;
}

static int copy_fd(int from, int *ret) {
        if (from < 0)
                return 0;
        *ret = fcntl(from, F_DUPFD_CLOEXEC, 3);
        return *ret < 0 ? -errno : 0;
}

int service_settings_copy(const ServiceSettings *from, ServiceSettings *to) {
        const struct {
                const char *from;
                char **to;
        } texts[] = {
                { from->protocol, &to->protocol },
                { from->host, &to->host },
                { from->username, &to->username },
                { from->address, &to->address },
                { from->tls_name, &to->tls_name },
                { from->connect_to, &to->connect_to },
                { from->secret_name, &to->secret_name },
                { from->secret_missing, &to->secret_missing },
                { from->assumed_from, &to->assumed_from },
        };
        int r = 0;

        to->port = from->port;
        to->security_auto = from->security_auto;
        to->security = from->security;
        to->oauth_token = from->oauth_token;
        to->allow_cleartext = from->allow_cleartext;
        for (size_t i = 0; r >= 0 && i < ELEMENTS(texts); i++)
                r = copy_text(texts[i].from, texts[i].to);
        if (r >= 0)
                r = copy_list(from->mechanisms, &to->mechanisms);
        if (r >= 0)
                r = copy_fd(from->secret_fd, &to->secret_fd);
        if (r >= 0)
                r = copy_fd(from->certificate_fd, &to->certificate_fd);
        if (r >= 0)
                r = copy_fd(from->key_fd, &to->key_fd);
        return r;
}

int settings_add_service(Settings *settings, const ServiceSettings *defaults, ServiceSettings **ret) {
        if (settings->n_services == SETTINGS_SERVICES_MAX)
                return -E2BIG;

        ServiceSettings *service = &settings->services[settings->n_services];
        service_settings_init(service);
        int r = defaults ? service_settings_copy(defaults, service) : 0;
        if (r < 0) {
                service_settings_done(service);
                return r;
        }
        settings->n_services++;
        *ret = service;
        return 0;
}

int settings_copy_run(const Settings *from, Settings *to) {
        to->depth_given = from->depth_given;
        to->depth = from->depth;
        to->timeout_ms = from->timeout_ms;
        to->ignore_login_budget = from->ignore_login_budget;
        to->search.offline = from->search.offline;
        to->guarded = from->guarded;
        to->thorough = from->thorough;
        return copy_fd(from->ca_fd, &to->ca_fd);
}

/* ---- what was left out ---- */

int settings_assume_service(Settings *settings, const char *protocol, const char *host, uint16_t port,
                            MdSecurity security, const char *username, const char *from) {
        ServiceSettings *service;

        int r = settings_add_service(settings, &settings->model, &service);
        if (r < 0)
                return r;
        service->port = port;
        service->security = security;
        service->security_auto = false;
        r = copy_text(protocol, &service->protocol);
        if (r >= 0)
                r = copy_text(host, &service->host);
        if (r >= 0)
                r = copy_text(from, &service->assumed_from);
        if (r >= 0 && !service->username)
                r = copy_text(username ? username : service->address ? service->address : settings->address,
                              &service->username);
        return r;
}

MdDepth settings_depth(const Settings *settings, const ServiceSettings *service) {
        if (settings->depth_given)
                return settings->depth;
        return service->secret_fd >= 0 ? MD_DEPTH_FULL : MD_DEPTH_TLS;
}

int settings_fill_in(Settings *settings) {
        for (size_t i = 0; i < settings->n_services; i++) {
                ServiceSettings *service = &settings->services[i];
                const char *address = service->address ? service->address : settings->address;
                if (service->secret_fd < 0 || service->username)
                        continue;
                if (copy_text(address, &service->username) < 0)
                        return -ENOMEM;
        }
        return 0;
}
