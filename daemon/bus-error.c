/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Errors on the bus: an error means that the question was not answered, and says what the caller can do. */

#include <errno.h>
#include <string.h>

#include "bus-private.h"
#include "dbus/names.h"
#include "own.h"

int bus_errors_register(void) {
        static const sd_bus_error_map map[] = {
                SD_BUS_ERROR_MAP(MAILDIAG_ERROR_NO_SUCH_ACCOUNT, ENOENT),
                SD_BUS_ERROR_MAP(MAILDIAG_ERROR_CONFIG_INVALID, EINVAL),
                SD_BUS_ERROR_MAP(MAILDIAG_ERROR_NO_SUCH_JOB, ENOENT),
                SD_BUS_ERROR_MAP(MAILDIAG_ERROR_NO_SUCH_PLUGIN, ENOENT),
                SD_BUS_ERROR_MAP(MAILDIAG_ERROR_NO_SUCH_CODE, ENOENT),
                SD_BUS_ERROR_MAP(MAILDIAG_ERROR_BUSY, EBUSY),
                SD_BUS_ERROR_MAP(MAILDIAG_ERROR_SECRET_UNAVAILABLE, ENOKEY),
                SD_BUS_ERROR_MAP_END,
        };
        return sd_bus_error_add_map(map);
}

int bus_error_from(sd_bus_error *error, int r, const char *text) {
        static const struct {
                int number;
                const char *name, *text;
        } errors[] = {
                { EINVAL, SD_BUS_ERROR_INVALID_ARGS, "the arguments are not in order" },
                { E2BIG, SD_BUS_ERROR_INVALID_ARGS, "services: more than 16 are given" },
                { EBADF, SD_BUS_ERROR_INVALID_ARGS, "a descriptor is missing" },
                { ENOENT, MAILDIAG_ERROR_NO_SUCH_PLUGIN, "there is no plugin for this protocol" },
                { EHOSTDOWN, SD_BUS_ERROR_FAILED, "there is no worker" },
                { EDQUOT, SD_BUS_ERROR_LIMITS_EXCEEDED, "you have as many checks queued and running as one may have" },
                { EUSERS, SD_BUS_ERROR_LIMITS_EXCEEDED, "too many checks are queued and running" },
                { EMFILE, SD_BUS_ERROR_LIMITS_EXCEEDED, "too many descriptors are open" },
                { ENOMEM, SD_BUS_ERROR_NO_MEMORY, "out of memory" },
        };
        for (size_t i = 0; i < ELEMENTS(errors); i++)
                if (errors[i].number == -r) {
                        sd_bus_error_set(error, errors[i].name, text ? text : errors[i].text);
                        return r;
                }
        sd_bus_error_setf(error, SD_BUS_ERROR_FAILED, "%s", text ? text : strerror(-r));
        return r;
}
