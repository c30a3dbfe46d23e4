/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The daemon's signals to everybody: accounts that come and go, and how they are.  On a bus anybody may send us a signal;
 * only those of the daemon's own connection count, which the bus itself takes care of by the name in the match. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call-private.h"
#include "complain.h"
#include "i18n.h"

#include "dbus/names.h"

typedef struct Watch {
        Call *call;
        WatchFunc tell;
        void *userdata;
        int status;                     /* what the function returned */
} Watch;

static char *id_of_path(const char *path) {
        char *id = NULL;
        return sd_bus_path_decode(path, MAILDIAG_PATH_ACCOUNT, &id) > 0 ? id : NULL;
}

static void pass_on(Watch *watch, const char *path, const char *old, const char *new) {
        char *id = id_of_path(path);
        if (id && watch->status == 0)
                watch->status = watch->tell(watch->userdata, id, old, new);
        free(id);
}

static int on_status(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        const char *path, *old, *new;
        if (sd_bus_message_read(message, "oss", &path, &old, &new) > 0)
                pass_on(userdata, path, old, new);
        return 0;
}

static int on_added(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        const char *path;
        if (sd_bus_message_read(message, "o", &path) > 0)
                pass_on(userdata, path, NULL, "unknown");
        return 0;
}

static int on_removed(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        const char *path;
        if (sd_bus_message_read(message, "o", &path) > 0)
                pass_on(userdata, path, "unknown", NULL);
        return 0;
}

static int on_owner_changed(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Watch *watch = userdata;
        const char *name, *old, *new;
        if (sd_bus_message_read(message, "sss", &name, &old, &new) > 0 && *old && watch->status == 0)
                watch->status = complain(STATUS_NO_DAEMON, _("the daemon has left the bus"));
        return 0;
}

static int subscribe(Watch *watch, sd_bus_slot **slots) {
        static const struct {
                const char *interface, *member;
                sd_bus_message_handler_t handler;
        } signals[] = {
                { MAILDIAG_INTERFACE_MANAGER, "AccountStatusChanged", on_status },
                { "org.freedesktop.DBus.ObjectManager", "InterfacesAdded", on_added },
                { "org.freedesktop.DBus.ObjectManager", "InterfacesRemoved", on_removed },
        };
        const char *sender = watch->call->private ? NULL : MAILDIAG_BUS_NAME;
        int r = 0;

        for (size_t i = 0; r >= 0 && i < sizeof(signals) / sizeof(signals[0]); i++)
                r = sd_bus_match_signal(watch->call->bus, &slots[i], sender, MAILDIAG_PATH, signals[i].interface,
                                        signals[i].member, signals[i].handler, watch);
        if (r >= 0 && !watch->call->private)
                r = sd_bus_add_match(watch->call->bus, &slots[3],
                                     "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',"
                                     "arg0='" MAILDIAG_BUS_NAME "'", on_owner_changed, watch);
        return r;
}

static int follow(Watch *watch) {
        while (watch->status == 0) {
                int r = sd_bus_process(watch->call->bus, NULL);
                if (r == 0)
                        r = sd_bus_wait(watch->call->bus, UINT64_MAX);
                if (r < 0 && r != -EINTR)
                        return call_complain(watch->call, NULL, r);
        }
        return watch->status;
}

/* Starts it, where the bus can, and finds out whether it is there. */
static int ping(Call *call) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL, *reply = NULL;

        int r = sd_bus_message_new_method_call(call->bus, &message, call->private ? NULL : MAILDIAG_BUS_NAME,
                                               MAILDIAG_PATH, "org.freedesktop.DBus.Peer", "Ping");
        return r < 0 ? call_complain(call, NULL, r) : call_send(call, message, &reply);
}

int call_watch(Call *call, int (*begun)(void *userdata), WatchFunc tell, void *userdata) {
        Watch watch = { .call = call, .tell = tell, .userdata = userdata };
        sd_bus_slot *slots[4] = { NULL };

        int r = subscribe(&watch, slots);
        int status = r < 0 ? call_complain(call, NULL, r) : ping(call);
        if (status == 0)
                status = begun(userdata);
        if (status == 0)
                status = follow(&watch);
        for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
                sd_bus_slot_unref(slots[i]);
        return status;
}
