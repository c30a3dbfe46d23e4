/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the daemon knows by itself: its accounts, as documents, and what a caller may have done with them. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call-private.h"
#include "complain.h"
#include "i18n.h"

#include "dbus/names.h"

/* The one text of a reply, as JSON. */
static int read_document(Call *call, sd_bus_message *reply, json_t **ret) {
        json_error_t error;
        const char *text;

        int r = sd_bus_message_read(reply, "s", &text);
        if (r < 0)
                return call_complain(call, NULL, r);
        *ret = json_loads(text, JSON_REJECT_DUPLICATES, &error);
        return *ret ? 0 : complain(STATUS_UNKNOWN, _("the report of the daemon is not JSON: %s"), error.text);
}

int call_describe(Call *call, json_t **ret_document) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;

        int status = call_method(call, "Describe", &reply, NULL);
        return status != 0 ? status : read_document(call, reply, ret_document);
}

int call_describe_account(Call *call, const char *id, json_t **ret_account) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *found = NULL, *message = NULL, *reply = NULL;
        const char *path;

        int status = call_method(call, "GetAccount", &found, "s", id);
        if (status != 0)
                return status;
        int r = sd_bus_message_read(found, "o", &path);
        if (r >= 0)
                r = sd_bus_message_new_method_call(call->bus, &message, call->private ? NULL : MAILDIAG_BUS_NAME, path,
                                                   MAILDIAG_INTERFACE_ACCOUNT, "Describe");
        if (r < 0)
                return call_complain(call, NULL, r);
        status = call_send(call, message, &reply);
        return status != 0 ? status : read_document(call, reply, ret_account);
}

int call_reload(Call *call) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        return call_method(call, "Reload", &reply, NULL);
}

int call_import(Call *call, const char *source, const char *path, bool dry_run, json_t **ret_ids) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL, *reply = NULL;

        int r = call_message_new(call, "ImportAccounts", &message);
        if (r >= 0)
                r = sd_bus_message_append(message, "s", source);
        if (r >= 0)
                r = sd_bus_message_open_container(message, 'a', "{sv}");
        if (r >= 0 && path)
                r = sd_bus_message_append(message, "{sv}", "path", "s", path);
        if (r >= 0 && dry_run)
                r = sd_bus_message_append(message, "{sv}", "dry-run", "b", true);
        if (r >= 0)
                r = sd_bus_message_close_container(message);
        if (r < 0)
                return call_complain(call, NULL, r);
        int status = call_send(call, message, &reply);
        if (status != 0)
                return status;
        r = call_read_value(reply, ret_ids);
        return r < 0 ? call_complain(call, NULL, r) : 0;
}

int call_mute(Call *call, const char *id, uint64_t until_usec) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        return call_method(call, "Mute", &reply, "st", id, until_usec);
}

int call_validate_account(Call *call, const char *id, const char *text) {
        _cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;

        int r = call_message_new(call, "ValidateAccount", &message);
        if (r >= 0)
                r = sd_bus_message_append(message, "ss", id, text);
        if (r >= 0)
                r = sd_bus_call(call->bus, message, 0, &error, NULL);
        if (sd_bus_error_has_name(&error, MAILDIAG_ERROR_CONFIG_INVALID))
                return complain(STATUS_USAGE, _("account %s: %s"), id, error.message);
        return r < 0 ? call_complain(call, &error, r) : 0;
}
