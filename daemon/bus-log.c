/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* org.freedesktop.LogControl1: what `systemctl service-log-level maildiagd debug` speaks to. */

#include <errno.h>
#include <string.h>

#include "bus-private.h"
#include "log.h"

static int get_level(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                     void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "s", log_level_to_string(log_level()));
}

static int set_level(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *value,
                     void *userdata, sd_bus_error *error) {
        const char *word;

        int r = sd_bus_message_read(value, "s", &word);
        if (r < 0)
                return r;
        int level = log_level_from_string(word);
        if (level < 0)
                return bus_error_from(error, -EINVAL, "LogLevel: must be one of emerg, alert, crit, err, warning, notice, info, debug");
        log_set_level(level);
        return 0;
}

static int get_target(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                      void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "s", log_is_journal() ? "journal" : "console");
}

/* It writes to whatever it was given. */
static int set_target(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *value,
                      void *userdata, sd_bus_error *error) {
        const char *word;

        int r = sd_bus_message_read(value, "s", &word);
        if (r < 0)
                return r;
        return strcmp(word, log_is_journal() ? "journal" : "console") ?
                bus_error_from(error, -EINVAL, "LogTarget: messages go where the service manager has put them") : 0;
}

static int get_identifier(sd_bus *bus, const char *path, const char *interface, const char *property,
                          sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "s", program_invocation_short_name);
}

/* Without a flag that says otherwise sd-bus lets only root and the daemon's own user write. */
const sd_bus_vtable bus_log_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_WRITABLE_PROPERTY("LogLevel", "s", get_level, set_level, 0, 0),
        SD_BUS_WRITABLE_PROPERTY("LogTarget", "s", get_target, set_target, 0, 0),
        SD_BUS_PROPERTY("SyslogIdentifier", "s", get_identifier, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_VTABLE_END,
};
