/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The connection: where the daemon answers, and which objects it has.
 *
 * Jobs are no news for everybody: no signal of the object manager tells of them, and their own go to their caller
 * alone.  So a bus that can be watched (a session bus) shows others only what they ask for and may see.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "bus-neighbours.h"
#include "bus-private.h"
#include "dbus/names.h"
#include "log.h"
#include "own.h"

struct Bus {
        sd_bus *bus;
        BusLater *later;
        BusCallers *callers;
        BusGate *gate;                  /* of a system instance */
        Neighbours *neighbours;         /* not of a private one */
};

BusCallers *bus_callers(Bus *bus) {
        return bus->callers;
}

BusLater *bus_later(Bus *bus) {
        return bus->later;
}

static int on_disconnected(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Manager *manager = userdata;
        bool private = manager->instance == INSTANCE_PRIVATE;

        if (!private)
                log_line(LOG_ERR, "the bus is gone");
        sd_event_exit(manager->event, private ? EXIT_SUCCESS : EX_UNAVAILABLE);
        return 0;
}

static int open_private(int fd, sd_bus **ret) {
        _cleanup_close_ int socket = fd;
        sd_bus *bus = NULL;
        sd_id128_t id;

        int r = sd_id128_randomize(&id);
        if (r >= 0)
                r = sd_bus_new(&bus);
        if (r >= 0)
                r = sd_bus_set_server(bus, true, id);
        if (r >= 0)
                r = sd_bus_negotiate_fds(bus, true);
        if (r >= 0)
                r = sd_bus_set_fd(bus, socket, socket);
        if (r >= 0) {
                TAKE_FD(socket);        /* the bus closes it */
                r = sd_bus_start(bus);
        }
        if (r < 0) {
                sd_bus_unref(bus);
                return r;
        }
        *ret = bus;
        return 0;
}

static int open_connection(Instance instance, int fd, sd_bus **ret) {
        switch (instance) {
        case INSTANCE_SYSTEM:
                return sd_bus_open_system_with_description(ret, "maildiagd");
        case INSTANCE_USER:
                return sd_bus_open_user_with_description(ret, "maildiagd");
        case INSTANCE_PRIVATE:
                return open_private(fd, ret);
        }
        return -EINVAL;
}

static int add_objects(sd_bus *bus, Manager *manager) {
        int r = sd_bus_add_object_manager(bus, NULL, MAILDIAG_PATH);
        if (r >= 0)
                r = sd_bus_add_object_vtable(bus, NULL, MAILDIAG_PATH, MAILDIAG_INTERFACE_MANAGER, bus_manager_vtable,
                                             manager);
        if (r >= 0)
                r = sd_bus_add_fallback_vtable(bus, NULL, MAILDIAG_PATH_ACCOUNT, MAILDIAG_INTERFACE_ACCOUNT,
                                               bus_account_vtable, bus_account_find, manager);
        if (r >= 0)
                r = sd_bus_add_node_enumerator(bus, NULL, MAILDIAG_PATH_ACCOUNT, bus_account_enumerate, manager);
        if (r >= 0)
                r = sd_bus_add_fallback_vtable(bus, NULL, MAILDIAG_PATH_JOB, MAILDIAG_INTERFACE_JOB, bus_job_vtable,
                                               bus_job_find, manager);
        if (r >= 0)
                r = sd_bus_add_node_enumerator(bus, NULL, MAILDIAG_PATH_JOB, bus_job_enumerate, manager);
        if (r >= 0)
                r = sd_bus_add_fallback_vtable(bus, NULL, MAILDIAG_PATH_PLUGIN, MAILDIAG_INTERFACE_PLUGIN,
                                               bus_plugin_vtable, bus_plugin_find, manager);
        if (r >= 0)
                r = sd_bus_add_node_enumerator(bus, NULL, MAILDIAG_PATH_PLUGIN, bus_plugin_enumerate, manager);
        if (r >= 0)
                r = sd_bus_add_object_vtable(bus, NULL, "/org/freedesktop/LogControl1", "org.freedesktop.LogControl1",
                                             bus_log_vtable, NULL);
        if (r >= 0)
                r = sd_bus_match_signal(bus, NULL, "org.freedesktop.DBus.Local", "/org/freedesktop/DBus/Local",
                                        "org.freedesktop.DBus.Local", "Disconnected", on_disconnected, manager);
        return r;
}

int bus_new(Manager *manager, int fd, Bus **ret) {
        Bus *bus = calloc(1, sizeof(*bus));
        if (!bus) {
                close_fd(fd);
                return -ENOMEM;
        }

        int r = open_connection(manager->instance, fd, &bus->bus);
        if (r >= 0)
                r = (bus->later = bus_later_new()) && (bus->callers = bus_callers_new(bus->bus)) ? 0 : -ENOMEM;
        if (r >= 0)
                r = bus_errors_register();
        if (r >= 0 && manager->instance == INSTANCE_SYSTEM)
                r = bus_gate_new(bus->bus, manager, &bus->gate);
        if (r >= 0)
                r = add_objects(bus->bus, manager);
        if (r >= 0)
                r = sd_bus_attach_event(bus->bus, manager->event, SD_EVENT_PRIORITY_NORMAL);
        if (r >= 0 && manager->instance != INSTANCE_PRIVATE)
                r = sd_bus_request_name(bus->bus, MAILDIAG_BUS_NAME, 0);
        if (r >= 0 && manager->instance != INSTANCE_PRIVATE)
                r = neighbours_new(manager->event, manager->instance == INSTANCE_SYSTEM ? bus->bus : NULL,
                                   manager->monitor, &bus->neighbours);
        if (r < 0) {
                bus_free(bus);
                return r;
        }
        *ret = bus;
        return 0;
}

Bus *bus_free(Bus *bus) {
        if (!bus)
                return NULL;
        neighbours_free(bus->neighbours);
        bus_later_free(bus->later);
        bus_gate_free(bus->gate);
        bus_callers_free(bus->callers);
        sd_bus_flush_close_unref(bus->bus);
        free(bus);
        return NULL;
}

/* ---- news ---- */

static void emit_object(sd_bus *bus, const char *path, BusNews news) {
        static const char *const status[] = { "Status", "StatusSinceUSec", "LastCheckUSec", "Summary", "Findings", NULL };
        static const char *const settings[] = { "DisplayName", "Address", "SourcePath", "Services", NULL };
        static const char *const muted[] = { "MutedUntilUSec", NULL };
        static const char *const *const changed[] = {
                [BUS_NEWS_SETTINGS] = settings,
                [BUS_NEWS_STATUS] = status,
                [BUS_NEWS_MUTED] = muted,
        };

        if (news == BUS_NEWS_ADDED)
                sd_bus_emit_object_added(bus, path);
        else if (news == BUS_NEWS_REMOVED)
                sd_bus_emit_object_removed(bus, path);
        else
                sd_bus_emit_properties_changed_strv(bus, path, MAILDIAG_INTERFACE_ACCOUNT, (char **) changed[news]);
}

void bus_tell_account(Bus *bus, const Account *account, BusNews news) {
        _cleanup_free_ char *path = bus ? bus_account_path(account) : NULL;
        if (path)
                emit_object(bus->bus, path, news);
}

void bus_tell_status(Bus *bus, const Account *account, Verdict old) {
        _cleanup_free_ char *path = bus ? bus_account_path(account) : NULL;
        if (path)
                sd_bus_emit_signal(bus->bus, MAILDIAG_PATH, MAILDIAG_INTERFACE_MANAGER, "AccountStatusChanged", "oss", path,
                                   verdict_to_string(old), verdict_to_string(account->status.verdict));
}

void bus_tell_round(Bus *bus, Verdict worst, size_t n_broken, size_t n) {
        if (bus)
                sd_bus_emit_signal(bus->bus, MAILDIAG_PATH, MAILDIAG_INTERFACE_MANAGER, "CheckFinished", "suu",
                                   verdict_to_string(worst), (uint32_t) n_broken, (uint32_t) n);
}

void bus_tell_summary(Bus *bus) {
        if (bus)
                sd_bus_emit_properties_changed(bus->bus, MAILDIAG_PATH, MAILDIAG_INTERFACE_MANAGER, "Status",
                                               "AccountsTotal", "AccountsBroken", "LastCheckUSec", NULL);
}

void bus_tell_network(Bus *bus) {
        if (bus)
                sd_bus_emit_properties_changed(bus->bus, MAILDIAG_PATH, MAILDIAG_INTERFACE_MANAGER, "Network", NULL);
}
