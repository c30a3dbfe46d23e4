/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The check of settings as a whole: each has its form, and they go together.
 *
 * Every fault becomes one line for a person: which setting, with which value, of which service, and what is wrong.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "form.h"
#include "own.h"
#include "settings.h"
#include "text.h"

#define MECHANISMS_MAX 16u
#define SHOWN_MAX 80u                   /* bytes of a value that an error repeats */

/* Where a setting belongs. */
typedef struct Place {
        const Settings *settings;
        size_t service;                 /* SIZE_MAX: the account */
} Place;

/* " of smtp", " of service 2 (smtp)", or "" where that says nothing; NULL when out of memory. */
static char *place_text(const Place *place) {
        const Settings *settings = place->settings;
        char *text = NULL;
        int r;

        if (place->service == SIZE_MAX)
                return strdup("");
        const char *protocol = settings->services[place->service].protocol;
        if (protocol && form_fault_protocol(protocol))
                protocol = NULL;
        if (settings->n_services == 1)
                r = asprintf(&text, "%s%s", protocol ? " of " : "", protocol ? protocol : "");
        else if (protocol)
                r = asprintf(&text, " of service %zu (%s)", place->service + 1, protocol);
        else
                r = asprintf(&text, " of service %zu", place->service + 1);
        return r < 0 ? NULL : text;
}

/* "host 'a..b' of imap has an empty label"; value NULL: it is not shown.  Returns -EINVAL, or -ENOMEM. */
static int refuse(const Place *place, const char *setting, const char *value, const char *fault, char **ret_error) {
        _cleanup_free_ char *where = place_text(place);
        _cleanup_free_ char *shown = value ? md_text_clean(value, strlen(value), SHOWN_MAX) : NULL;
        if (!where || (value && !shown))
                return -ENOMEM;

        int r = shown && *shown ? asprintf(ret_error, "%s '%s'%s %s", setting, shown, where, fault) :
                                  asprintf(ret_error, "%s%s %s", setting, where, fault);
        return r < 0 ? -ENOMEM : -EINVAL;
}

/* ---- texts ---- */

static int check_text(const Place *place, const char *setting, const char *value,
                      const char *(*find_fault)(const char *value), char **ret_error) {
        const char *fault = value ? find_fault(value) : NULL;
        return fault ? refuse(place, setting, value, fault, ret_error) : 0;
}

static int check_mechanisms(const Place *place, char *const *mechanisms, char **ret_error) {
        size_t n = 0;
        for (; mechanisms && mechanisms[n]; n++) {
                int r = check_text(place, "auth", mechanisms[n], form_fault_mechanism, ret_error);
                if (r < 0)
                        return r;
        }
        if (mechanisms && n == 0)
                return refuse(place, "auth", NULL, "names no mechanism", ret_error);
        return n > MECHANISMS_MAX ? refuse(place, "auth", NULL, "names more than 16 mechanisms", ret_error) : 0;
}

static int check_texts(const Place *place, const ServiceSettings *service, char **ret_error) {
        const struct {
                const char *setting;
                const char *value;
                const char *(*find_fault)(const char *value);
        } texts[] = {
                { "protocol", service->protocol, form_fault_protocol },
                { "host", service->host, form_fault_host },
                { "connect-to", service->connect_to, form_fault_host },
                { "tls-name", service->tls_name, form_fault_host },
                { "username", service->username, form_fault_username },
                { "address", service->address, form_fault_address },
        };
        if (!service->protocol)
                return refuse(place, "protocol", NULL, "is missing", ret_error);
        if (!service->host)
                return refuse(place, "host", NULL, "is missing", ret_error);
        for (size_t i = 0; i < ELEMENTS(texts); i++) {
                int r = check_text(place, texts[i].setting, texts[i].value, texts[i].find_fault, ret_error);
                if (r < 0)
                        return r;
        }
        return check_mechanisms(place, service->mechanisms, ret_error);
}

/* ---- descriptors ---- */

static bool is_same_pipe(int a, int b) {
        struct stat x, y;
        return a >= 0 && b >= 0 && fstat(a, &x) >= 0 && fstat(b, &y) >= 0 && S_ISFIFO(x.st_mode) &&
               x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* How often a pipe stands in the settings. */
static size_t count_pipe(const Settings *settings, int fd) {
        size_t n = is_same_pipe(settings->ca_fd, fd);
        for (size_t i = 0; i < settings->n_services; i++)
                n += is_same_pipe(settings->services[i].secret_fd, fd) +
                     is_same_pipe(settings->services[i].certificate_fd, fd) +
                     is_same_pipe(settings->services[i].key_fd, fd);
        return n;
}

static int check_descriptor(const Place *place, const char *setting, int fd, bool one_reader, char **ret_error) {
        if (fd < 0)
                return 0;
        const char *fault = form_fault_descriptor(fd, one_reader && count_pipe(place->settings, fd) <= 1);
        return fault ? refuse(place, setting, NULL, fault, ret_error) : 0;
}

/* With security "auto" several probes may read what is given. */
static int check_descriptors(const Place *place, const ServiceSettings *service, char **ret_error) {
        const struct {
                const char *setting;
                int fd;
        } descriptors[] = {
                { service->oauth_token ? "oauth2-token-fd" : "password-fd", service->secret_fd },
                { "client-cert-fd", service->certificate_fd },
                { "client-key-fd", service->key_fd },
        };
        for (size_t i = 0; i < ELEMENTS(descriptors); i++) {
                int r = check_descriptor(place, descriptors[i].setting, descriptors[i].fd, !service->security_auto,
                                         ret_error);
                if (r < 0)
                        return r;
        }
        if ((service->certificate_fd >= 0) != (service->key_fd >= 0))
                return refuse(place, service->key_fd >= 0 ? "client-cert-fd" : "client-key-fd", NULL,
                              "is missing; certificate and key go together", ret_error);
        return 0;
}

/* ---- the whole ---- */

static int check_service(const Settings *settings, size_t i, char **ret_error) {
        const ServiceSettings *service = &settings->services[i];
        const Place place = { settings, i };

        int r = check_texts(&place, service, ret_error);
        if (r >= 0)
                r = check_descriptors(&place, service, ret_error);
        if (r >= 0 && service->secret_fd >= 0 && !service->username && !service->address && !settings->address)
                r = refuse(&place, "username", NULL, "is missing; a secret alone cannot log in", ret_error);
        return r;
}

/* Where no service is given, the address has to be one that settings can be found for. */
static int check_search(const Place *account, char **ret_error) {
        const Settings *settings = account->settings;
        const char *fault = settings->address ? form_fault_search(settings->address) : NULL;

        if (!settings->address)
                return refuse(account, "services", NULL, "names no service, and without an address none can be found",
                              ret_error);
        if (fault)
                return refuse(account, "address", settings->address, fault, ret_error);
        /* Several services will read it. */
        return check_descriptor(account, settings->model.oauth_token ? "oauth2-token-fd" : "password-fd",
                                settings->model.secret_fd, false, ret_error);
}

int settings_validate(const Settings *settings, char **ret_error) {
        const Place account = { settings, SIZE_MAX };

        int r = check_text(&account, "address", settings->address, form_fault_address, ret_error);
        if (r >= 0 && settings->n_services == 0)
                r = check_search(&account, ret_error);
        for (size_t i = 0; r >= 0 && i < settings->n_services; i++)
                r = check_service(settings, i, ret_error);
        if (r >= 0) {
                bool one_reader = settings->n_services == 1 && !settings->services[0].security_auto;
                r = check_descriptor(&account, "ca-fd", settings->ca_fd, one_reader, ret_error);
        }
        return r;
}

/* ---- several accounts ---- */

typedef struct Pipe {
        dev_t device;
        ino_t inode;
        size_t account;
} Pipe;

static int compare_pipes(const void *a, const void *b) {
        const Pipe *x = a, *y = b;
        if (x->device != y->device)
                return x->device < y->device ? -1 : 1;
        return x->inode < y->inode ? -1 : x->inode > y->inode;
}

static void note_pipe(Pipe *pipes, size_t *n, int fd, size_t account) {
        struct stat info;
        if (fd >= 0 && fstat(fd, &info) >= 0 && S_ISFIFO(info.st_mode))
                pipes[(*n)++] = (Pipe) { info.st_dev, info.st_ino, account };
}

int settings_validate_all(const Settings *accounts, size_t n, char **ret_error) {
        _cleanup_free_ Pipe *pipes = calloc(n * (3 * SETTINGS_SERVICES_MAX + 1), sizeof(Pipe));
        size_t n_pipes = 0;

        if (!pipes)
                return -ENOMEM;
        for (size_t i = 0; i < n; i++) {
                note_pipe(pipes, &n_pipes, accounts[i].ca_fd, i);
                for (size_t k = 0; k < accounts[i].n_services; k++) {
                        note_pipe(pipes, &n_pipes, accounts[i].services[k].secret_fd, i);
                        note_pipe(pipes, &n_pipes, accounts[i].services[k].certificate_fd, i);
                        note_pipe(pipes, &n_pipes, accounts[i].services[k].key_fd, i);
                }
        }
        qsort(pipes, n_pipes, sizeof(Pipe), compare_pipes);
        for (size_t i = 1; i < n_pipes; i++)
                if (compare_pipes(&pipes[i - 1], &pipes[i]) == 0 && pipes[i - 1].account != pipes[i].account) {
                        *ret_error = strdup("a pipe is given for several accounts, and only one can read it; "
                                            "give a file");
                        return *ret_error ? -EINVAL : -ENOMEM;
                }
        return 0;
}
