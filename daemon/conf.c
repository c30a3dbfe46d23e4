/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The keys of the configuration, as one table, and the files that they stand in. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "config.h"
#include "ini.h"
#include "own.h"
#include "target.h"
#include "trusted-file.h"

#define FILES_MAX 64u                   /* drop-ins */
#define SECOND INT64_C(1000000)
#define LOGINS_MAX 24                   /* a day, of an account */

__attribute__((format(printf, 2, 3)))
static int refuse(char **ret_fault, const char *format, ...) {
        va_list arguments;
        va_start(arguments, format);
        int r = vasprintf(ret_fault, format, arguments);
        va_end(arguments);
        return r < 0 ? -ENOMEM : -EINVAL;
}

/* ---- values ---- */

typedef struct Key Key;

/* Takes a value.  Returns 0; -EINVAL and what is wrong, to follow its key; -ENOMEM. */
typedef int (*KeySet)(Conf *conf, const Key *key, const char *value, const char **ret_wrong);

struct Key {
        const char *section, *key;
        KeySet set;
        size_t offset;                  /* of the member of Conf that a general setter fills */
};

static int wrong(const char **ret_wrong, const char *text) {
        *ret_wrong = text;
        return -EINVAL;
}

/* "none": no file. */
static int set_path(Conf *conf, const Key *key, const char *value, const char **ret_wrong) {
        char **path = (char **) ((char *) conf + key->offset), *copy = NULL;

        if (strcmp(value, "none") && value[0] != '/')
                return wrong(ret_wrong, "must be the absolute name of a file, or none");
        if (value[0] == '/' && !(copy = strdup(value)))
                return -ENOMEM;
        free(*path);
        *path = copy;
        return 0;
}

static int set_control(Conf *conf, const Key *key, const char *value, const char **ret_wrong) {
        ControlList control;

        int r = control_list_parse(strcmp(value, "none") ? value : "", &control, ret_wrong);
        if (r < 0)
                return r;
        control_list_done(&conf->control);
        conf->control = control;
        conf->control_given = true;
        return 0;
}

static int keep(char **slot, const char *value) {
        char *copy = strcmp(value, "none") ? strdup(value) : NULL;

        if (!copy && strcmp(value, "none"))
                return -ENOMEM;
        free(*slot);
        *slot = copy;
        return 0;
}

static int set_proxy(Conf *conf, const Key *key, const char *value, const char **ret_wrong) {
        const char *text = conf_proxy_fault(value);
        return text ? wrong(ret_wrong, text) : keep(&conf->proxy, value);
}

static int set_ispdb(Conf *conf, const Key *key, const char *value, const char **ret_wrong) {
        const char *text = conf_ispdb_fault(value);
        return text ? wrong(ret_wrong, text) : keep(&conf->ispdb, value);
}

static int set_mail_clients(Conf *conf, const Key *key, const char *value, const char **ret_wrong) {
        if (strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789- ") != strlen(value))
                return wrong(ret_wrong, "must be names of mail clients, such as thunderbird, or all, or none");
        char *copy = strcmp(value, "all") ? strdup(strcmp(value, "none") ? value : "") : NULL;
        if (!copy && strcmp(value, "all"))
                return -ENOMEM;
        free(conf->mail_clients);
        conf->mail_clients = copy;
        return 0;
}

static int set_readers(Conf *conf, const Key *key, const char *value, const char **ret_wrong) {
        return access_set_groups(&conf->access, strcmp(value, "none") ? value : "", ret_wrong);
}

static int set_ports(Conf *conf, const Key *key, const char *value, const char **ret_wrong) {
        return access_add_ports(&conf->access, value, ret_wrong);
}

const char *conf_proxy_fault(const char *value) {
        char host[MD_PROXY_HOST_SIZE];
        uint16_t port;

        if (!strcmp(value, "none") || md_proxy_parse(value, host, &port) == 0)
                return NULL;
        return "must be http://HOST:PORT, or none";
}

const char *conf_ispdb_fault(const char *value) {
        size_t length = strlen(value);

        if (!strcmp(value, "none") || (!strncmp(value, "https://", 8) && length > 9 && value[length - 1] == '/'))
                return NULL;
        return "must be an address https://…/ to which a domain can be added, or none";
}

/* A whole number and its unit: "90s", "30min", "8h", "2d". */
static int64_t parse_duration(const char *value) {
        static const struct {
                const char *name;
                int64_t usec;
        } units[] = {
                { "s", SECOND }, { "min", 60 * SECOND }, { "h", 60 * 60 * SECOND }, { "d", 24 * 60 * 60 * SECOND },
        };
        size_t digits = strspn(value, "0123456789");

        for (size_t i = 0; digits > 0 && digits <= 6 && i < ELEMENTS(units); i++)
                if (!strcmp(value + digits, units[i].name))
                        return strtol(value, NULL, 10) * units[i].usec;
        return -1;
}

static int set_duration(Conf *conf, const Key *key, const char *value, const char **ret_wrong) {
        int64_t usec = parse_duration(value);

        if (usec < 10 * SECOND || usec > 7 * 24 * 60 * 60 * SECOND)
                return wrong(ret_wrong, "must be a time from 10s to 7d, as in 90s, 30min, 8h or 2d");
        *(int64_t *) ((char *) conf + key->offset) = usec;
        return 0;
}

static int set_interval(Conf *conf, const Key *key, const char *value, const char **ret_wrong) {
        int64_t usec = strcmp(value, "none") ? parse_duration(value) : 0;

        if (usec != 0 && (usec < 60 * SECOND || usec > 7 * 24 * 60 * 60 * SECOND))
                return wrong(ret_wrong, "must be a time from 1min to 7d, as in 30min or 8h, or none");
        conf->interval_usec = usec;
        return 0;
}

static int set_logins(Conf *conf, const Key *key, const char *value, const char **ret_wrong) {
        size_t length = strlen(value);

        if (length > 2 || strspn(value, "0123456789") != length || atoi(value) > LOGINS_MAX)
                return wrong(ret_wrong, "must be a number from 0 to 24");
        conf->logins_a_day = (uint32_t) atoi(value);
        return 0;
}

static const Key keys[] = {
        { "access", "ports", set_ports, 0 },
        { "access", "read-groups", set_readers, 0 },
        { "monitor", "back-off", set_duration, offsetof(Conf, back_off_usec) },
        { "monitor", "confirm-after", set_duration, offsetof(Conf, confirm_usec) },
        { "monitor", "interval", set_interval, 0 },
        { "monitor", "logins-a-day", set_logins, 0 },
        { "network", "control", set_control, 0 },
        { "network", "ispdb", set_ispdb, 0 },
        { "network", "proxy", set_proxy, 0 },
        { "sources", "mail-clients", set_mail_clients, 0 },
        { "sources", "msmtp", set_path, offsetof(Conf, msmtp) },
        { "sources", "postfix", set_path, offsetof(Conf, postfix) },
};

/* ---- one file ---- */

static bool is_section(const char *name) {
        for (size_t i = 0; i < ELEMENTS(keys); i++)
                if (!strcmp(keys[i].section, name))
                        return true;
        return false;
}

static int on_section(void *userdata, const char *section, unsigned line, char **ret_fault) {
        return is_section(section) ? 0 : refuse(ret_fault, "section [%s] is not known", section);
}

static int on_value(void *userdata, const char *section, const char *key, const char *value, unsigned line,
                    char **ret_fault) {
        const char *text = NULL;

        for (size_t i = 0; i < ELEMENTS(keys); i++) {
                if (strcmp(keys[i].section, section) || strcmp(keys[i].key, key))
                        continue;
                int r = *value ? keys[i].set(userdata, &keys[i], value, &text) : wrong(&text, "is empty");
                return r == -EINVAL ? refuse(ret_fault, "%s %s", key, text) : r;
        }
        return refuse(ret_fault, "key '%s' is not known in section [%s]", key, section);
}

static int set_fault(ConfFault *ret, const char *path, unsigned line, const char *text) {
        *ret = (ConfFault) { strdup(path), line, strdup(text) };
        if (ret->path && ret->text)
                return -EINVAL;
        conf_fault_done(ret);
        return -ENOMEM;
}

void conf_fault_done(ConfFault *fault) {
        free(fault->path);
        free(fault->text);
        *fault = (ConfFault) { 0 };
}

int conf_parse(Conf *conf, const char *path, const char *text, size_t size, ConfFault *ret_fault) {
        const IniHandler handler = { on_section, on_value, conf };
        _cleanup_free_ char *said = NULL;
        unsigned line = 0;

        int r = ini_parse(text, size, &handler, &line, &said);
        return r == -EINVAL ? set_fault(ret_fault, path, line, said) : r;
}

static int read_file(Conf *conf, int directory, const char *place, const char *name, ConfFault *ret_fault) {
        _cleanup_free_ char *path = NULL;
        const char *said = NULL;
        char *text = NULL;
        size_t size = 0;

        if (asprintf(&path, "%s/%s", place, name) < 0) {
                path = NULL;
                return -ENOMEM;
        }
        int r = trusted_read(directory, name, INI_TEXT_MAX, &text, &size, &said);
        if (r == -ENOENT)
                return 0;
        if (r < 0)
                return r == -ENOMEM ? r : set_fault(ret_fault, path, 0, said ? said : strerror(-r));
        r = conf_parse(conf, path, text, size, ret_fault);
        trusted_free(text, size);
        return r;
}

/* ---- all files ---- */

static int is_drop_in(const struct dirent *entry) {
        size_t length = strlen(entry->d_name);
        return entry->d_name[0] != '.' && length > 5 && !strcmp(entry->d_name + length - 5, ".conf");
}

static int compare_names(const struct dirent **a, const struct dirent **b) {
        return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_drop_ins(Conf *conf, const char *place, ConfFault *ret_fault) {
        struct dirent **entries = NULL;
        const char *said = NULL;

        _cleanup_close_ int directory = trusted_directory(place, &said);
        if (directory == -ENOENT)
                return 0;
        if (directory < 0)
                return set_fault(ret_fault, place, 0, said ? said : strerror(-directory));
        int n = scandirat(directory, ".", &entries, is_drop_in, compare_names), r = n < 0 ? -errno : 0;
        if (n > (int) FILES_MAX)
                r = set_fault(ret_fault, place, 0, "holds more than 64 files");
        for (int i = 0; i < n; i++) {
                if (r >= 0)
                        r = read_file(conf, directory, place, entries[i]->d_name, ret_fault);
                free(entries[i]);
        }
        free(entries);
        return r;
}

static int read_all(Conf *conf, const char *place, ConfFault *ret_fault) {
        _cleanup_free_ char *drop_ins = NULL;
        const char *said = NULL;

        if (!place)
                return 0;
        if (asprintf(&drop_ins, "%s/maildiag.conf.d", place) < 0) {
                drop_ins = NULL;
                return -ENOMEM;
        }
        _cleanup_close_ int directory = trusted_directory(place, &said);
        if (directory == -ENOENT)
                return 0;
        if (directory < 0)
                return set_fault(ret_fault, place, 0, said ? said : strerror(-directory));
        int r = read_file(conf, directory, place, "maildiag.conf", ret_fault);
        return r < 0 ? r : read_drop_ins(conf, drop_ins, ret_fault);
}

/* ---- life ---- */

static bool is_of_system(Instance instance) {
        return instance == INSTANCE_SYSTEM || (instance == INSTANCE_PRIVATE && geteuid() == 0);
}

int conf_init(Conf *conf, Instance instance) {
        const struct {
                char **slot;
                const char *value;
        } defaults[] = {
                { &conf->ispdb, *MAILDIAG_ISPDB ? MAILDIAG_ISPDB : "none" },
                { &conf->msmtp, is_of_system(instance) ? "/etc/msmtprc" : "none" },
                { &conf->postfix, is_of_system(instance) ? "/etc/postfix/main.cf" : "none" },
        };
        int r = 0;

        *conf = (Conf) {
                .interval_usec = 30 * 60 * SECOND,
                .logins_a_day = 4,
                .confirm_usec = 60 * SECOND,
                .back_off_usec = 2 * 60 * 60 * SECOND,
        };
        access_init(&conf->access);
        for (size_t i = 0; r == 0 && i < ELEMENTS(defaults); i++)
                r = keep(defaults[i].slot, defaults[i].value);
        if (r < 0)
                conf_done(conf);
        return r;
}

void conf_done(Conf *conf) {
        free(conf->msmtp);
        free(conf->postfix);
        free(conf->mail_clients);
        free(conf->proxy);
        free(conf->ispdb);
        control_list_done(&conf->control);
        *conf = (Conf) { 0 };
}

int conf_read(const char *directory, Instance instance, Conf *ret, ConfFault *ret_fault) {
        Conf conf;

        int r = conf_init(&conf, instance);
        if (r >= 0)
                r = read_all(&conf, directory, ret_fault);
        if (r < 0) {
                conf_done(&conf);
                return r;
        }
        *ret = conf;
        return 0;
}
