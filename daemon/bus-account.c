/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * org.maildiag.Diag1.Account: an object per account that the daemon knows.
 *
 * That there is one and how it is, everybody may know.  What names a person or a server is behind properties that are in no
 * signal and in no GetAll, and that are read under the eyes of the bouncer.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bouncer.h"
#include "bus-private.h"
#include "dbus/names.h"
#include "describe.h"
#include "own.h"
#include "text.h"

#define SHOWN_MAX 80u                   /* bytes of a caller's text that an error repeats */

char *bus_account_path(const Account *account) {
        char *path;
        return sd_bus_path_encode(MAILDIAG_PATH_ACCOUNT, account->id, &path) < 0 ? NULL : path;
}

int bus_account_missing(const char *id, sd_bus_error *error) {
        _cleanup_free_ char *shown = md_text_clean(id, strlen(id), SHOWN_MAX);

        sd_bus_error_setf(error, MAILDIAG_ERROR_NO_SUCH_ACCOUNT, "there is no account '%s'", shown ? shown : "?");
        return -ENOENT;
}

/* ---- objects ---- */

int bus_account_find(sd_bus *bus, const char *path, const char *interface, void *userdata, void **ret,
                     sd_bus_error *error) {
        const Manager *manager = userdata;
        _cleanup_free_ char *id = NULL;

        int r = sd_bus_path_decode(path, MAILDIAG_PATH_ACCOUNT, &id);
        if (r <= 0 || !*id)
                return r < 0 ? r : 0;
        Account *account = accounts_find(manager->accounts, id);
        if (!account)
                return bus_account_missing(id, error);
        *ret = account;
        return 1;
}

int bus_account_enumerate(sd_bus *bus, const char *prefix, void *userdata, char ***ret, sd_bus_error *error) {
        const Manager *manager = userdata;
        size_t n = accounts_n(manager->accounts), used = 0;

        char **paths = calloc(n + 1, sizeof(char *));
        if (!paths)
                return -ENOMEM;
        for (size_t i = 0; i < n; i++)
                if ((paths[used] = bus_account_path(accounts_at(manager->accounts, i))))
                        used++;
        *ret = paths;
        return 0;
}

/* ---- who may ---- */

/* The manager that the vtable was added with; `userdata` of a member is its account. */
static Manager *manager_of(sd_bus *bus) {
        return sd_bus_slot_get_userdata(sd_bus_get_current_slot(bus));
}

/* Whether he may see details was asked at the gate. */
static int admit_viewer(sd_bus *bus, sd_bus_error *error) {
        const Manager *manager = manager_of(bus);
        sd_bus_message *call = sd_bus_get_current_message(bus);
        uid_t uid;

        return call ? bouncer_admit(manager->bouncer, call, &uid, error) : -EACCES;
}

/* ---- methods ---- */

static int method_check(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        const Account *account = userdata;
        return bus_check_account(manager_of(sd_bus_message_get_bus(call)), call, account->id, error);
}

static int method_describe(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        sd_bus *bus = sd_bus_message_get_bus(call);
        const Manager *manager = manager_of(bus);

        int r = admit_viewer(bus, error);
        if (r < 0)
                return r;
        json_t *document = describe_account(userdata, manager_registry(manager), true);
        _cleanup_free_ char *text = document ? json_dumps(document, JSON_COMPACT) : NULL;
        json_decref(document);
        return text ? sd_bus_reply_method_return(call, "s", text) : bus_error_from(error, -ENOMEM, NULL);
}

/* ---- properties that everybody may read ---- */

static int get_text(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                    void *userdata, sd_bus_error *error) {
        const Account *account = userdata;
        const struct {
                const char *property, *text;
        } texts[] = {
                { "Id", account->id },
                { "Source", account->program },
                { "Status", verdict_to_string(account->status.verdict) },
        };
        for (size_t i = 0; i < ELEMENTS(texts); i++)
                if (!strcmp(texts[i].property, property))
                        return sd_bus_message_append(reply, "s", texts[i].text);
        return -EINVAL;
}

static int get_time(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                    void *userdata, sd_bus_error *error) {
        const Account *account = userdata;
        const struct {
                const char *property;
                uint64_t usec;
        } times[] = {
                { "LastCheckUSec", account->status.checked_usec },
                { "StatusSinceUSec", account->status.since_usec },
                { "MutedUntilUSec", account->status.muted_usec },
        };
        for (size_t i = 0; i < ELEMENTS(times); i++)
                if (!strcmp(times[i].property, property))
                        return sd_bus_message_append(reply, "t", times[i].usec);
        return -EINVAL;
}

/* ---- properties for those who may see details ---- */

static int get_detail(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                      void *userdata, sd_bus_error *error) {
        const Account *account = userdata;
        const struct {
                const char *property, *text;
        } texts[] = {
                { "DisplayName", account_title(account) },
                { "Address", account->address.text },
                { "Summary", account->status.summary },
                { "SourcePath", account->paths[0] },
        };
        int r = admit_viewer(bus, error);
        if (r < 0)
                return r;
        for (size_t i = 0; i < ELEMENTS(texts); i++)
                if (!strcmp(texts[i].property, property))
                        return sd_bus_message_append(reply, "s", texts[i].text ? texts[i].text : "");
        return -EINVAL;
}

static int get_services(sd_bus *bus, const char *path, const char *interface, const char *property,
                        sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        int r = admit_viewer(bus, error);
        if (r < 0)
                return r;
        json_t *services = describe_services(userdata, manager_registry(manager_of(bus)));
        r = services ? bus_append_objects(reply, services) : -ENOMEM;
        json_decref(services);
        return r;
}

static int get_findings(sd_bus *bus, const char *path, const char *interface, const char *property,
                        sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        const Account *account = userdata;
        int r = admit_viewer(bus, error);
        return r < 0 ? r : bus_append_objects(reply, account->status.findings);
}

/* ---- the interface ---- */

#define PUBLIC SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE
#define PRIVATE (SD_BUS_VTABLE_PROPERTY_EXPLICIT | SD_BUS_VTABLE_PROPERTY_EMITS_INVALIDATION)

const sd_bus_vtable bus_account_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD_WITH_NAMES("Check", "a{sv}", SD_BUS_PARAM(options),
                                 "saa{sv}", SD_BUS_PARAM(verdict) SD_BUS_PARAM(findings), method_check,
                                 SD_BUS_VTABLE_UNPRIVILEGED | SD_BUS_VTABLE_SENSITIVE),
        SD_BUS_METHOD_WITH_NAMES("Describe", NULL, , "s", SD_BUS_PARAM(json), method_describe,
                                 SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_PROPERTY("Id", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Source", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Status", "s", get_text, 0, PUBLIC),
        SD_BUS_PROPERTY("StatusSinceUSec", "t", get_time, 0, PUBLIC),
        SD_BUS_PROPERTY("LastCheckUSec", "t", get_time, 0, PUBLIC),
        SD_BUS_PROPERTY("MutedUntilUSec", "t", get_time, 0, PUBLIC),
        SD_BUS_PROPERTY("DisplayName", "s", get_detail, 0, PRIVATE),
        SD_BUS_PROPERTY("Address", "s", get_detail, 0, PRIVATE),
        SD_BUS_PROPERTY("Summary", "s", get_detail, 0, PRIVATE),
        SD_BUS_PROPERTY("SourcePath", "s", get_detail, 0, PRIVATE),
        SD_BUS_PROPERTY("Services", "aa{sv}", get_services, 0, PRIVATE),
        SD_BUS_PROPERTY("Findings", "aa{sv}", get_findings, 0, PRIVATE),
        SD_BUS_VTABLE_END,
};
