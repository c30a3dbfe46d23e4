/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The way to the daemon: which bus, which errors mean what, and the methods that answer at once.  The job of a
 * diagnosis is in call-check.c, the translation of messages to JSON in call-message.c.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "call-private.h"
#include "complain.h"
#include "i18n.h"
#include "private-daemon.h"

#include "dbus/names.h"

static int open_private(Call *call, const Settings *settings) {
        int socket;
        pid_t pid;

        int status = spawn_daemon(settings->plugin_dir, settings->config_dir, &socket, &pid);
        if (status != 0)
                return status;

        int r = sd_bus_new(&call->bus);
        if (r >= 0)
                r = sd_bus_set_fd(call->bus, socket, socket);
        if (r < 0)
                close(socket);
        if (r >= 0)
                r = sd_bus_negotiate_fds(call->bus, true);
        if (r >= 0)
                r = sd_bus_start(call->bus);
        return r < 0 ? call_complain(call, NULL, r) : 0;
}

/* ---- elsewhere ---- */

/* A descriptor goes as far as this computer's memory: over SSH only bytes travel. */
static const char *needs_descriptor(const Settings *settings) {
        if (settings->secret != SECRET_NONE)
                return settings->secret_option;
        if (settings->ca_file)
                return "ca-file";
        return settings->client_cert ? "client-cert" : settings->client_key ? "client-key" : NULL;
}

int call_check_place(const Settings *settings) {
        const char *option = settings->host ? needs_descriptor(settings) : NULL;

        if (settings->host && settings->machine)
                return complain(STATUS_USAGE, _("--host and --machine exclude each other"));
        if ((settings->host || settings->machine) && settings->instance == INSTANCE_PRIVATE)
                return complain(STATUS_USAGE, _("--private is on this computer, and excludes --host and --machine"));
        if (settings->host && settings->instance == INSTANCE_SESSION)
                return complain(STATUS_USAGE, _("--host reaches the system bus of the other computer only; run maildiag there for "
                                                "a user's own daemon"));
        if (option)
                return complain(STATUS_USAGE, _("--%s: secrets and certificates travel as file descriptors, and none travels to "
                                                "another computer; run maildiag there, or leave it out"), option);
        return 0;
}

static int open_elsewhere(Call *call, const Settings *settings) {
        int r;

        call->place = settings->host ? settings->host : settings->machine;
        call->system = settings->instance != INSTANCE_SESSION;
        if (settings->host)
                r = sd_bus_open_system_remote(&call->bus, settings->host);
        else if (call->system)
                r = sd_bus_open_system_machine(&call->bus, settings->machine);
        else
                r = sd_bus_open_user_machine(&call->bus, settings->machine);
        if (r < 0)
                return complain(STATUS_NO_DAEMON, _("%s cannot be reached (%s)"), call->place, strerror(-r));
        if (needs_descriptor(settings) && sd_bus_can_send(call->bus, SD_BUS_TYPE_UNIX_FD) <= 0)
                return complain(STATUS_USAGE, _("--%s: secrets and certificates travel as file descriptors, and none travels to "
                                                "%s"), needs_descriptor(settings), call->place);
        return 0;
}

/* The default is chosen as systemctl does: root asks the system, everybody else their own session. */
static int open_shared(Call *call) {
        int r = call->system ? sd_bus_open_system(&call->bus) : sd_bus_open_user(&call->bus);
        if (r >= 0)
                return 0;
        return complain(STATUS_NO_DAEMON, call->system ? _("the system bus cannot be reached (%s); --private needs none")
                                                 : _("the session bus cannot be reached (%s); --private needs none"),
                        strerror(-r));
}

int call_new(const Settings *settings, Call **ret) {
        if (settings->plugin_dir && settings->instance != INSTANCE_PRIVATE)
                return complain(STATUS_USAGE, _("--plugin-dir needs --private: other daemons have plugins of their own"));
        if (settings->config_dir && settings->instance != INSTANCE_PRIVATE)
                return complain(STATUS_USAGE, _("--config-dir needs --private: other daemons have a configuration of "
                                                "their own"));

        int status = call_check_place(settings);
        if (status != 0)
                return status;
        Call *call = calloc(1, sizeof(Call));
        if (!call)
                return complain_oom();
        call->private = settings->instance == INSTANCE_PRIVATE;
        call->system = settings->instance == INSTANCE_SYSTEM ||
                        (settings->instance == INSTANCE_DEFAULT && geteuid() == 0);
        if (settings->host || settings->machine)
                status = open_elsewhere(call, settings);
        else
                status = call->private ? open_private(call, settings) : open_shared(call);
        if (status != 0) {
                call_free(call);
                return status;
        }
        *ret = call;
        return 0;
}

Call *call_free(Call *call) {
        if (!call)
                return NULL;
        if (call->bus)
                sd_bus_flush_close_unref(call->bus);
        free(call);
        return NULL;
}

static int complain_no_daemon(const Call *call, const char *reason) {
        if (call->private)
                return complain(STATUS_NO_DAEMON, _("the private daemon ended before it answered (%s)"), reason);
        if (call->place)
                return complain(STATUS_NO_DAEMON, _("no daemon answers at %s (%s)"), call->place, reason);
        return complain(STATUS_NO_DAEMON, call->system ? _("no daemon answers on the system bus (%s); --private starts one")
                                                       : _("no daemon answers on the session bus (%s); --private starts one"),
                        reason);
}

/* The connection itself failed, as opposed to what was asked over it. */
static bool is_lost(const sd_bus_error *error, int r) {
        static const char *const names[] = {
                SD_BUS_ERROR_SERVICE_UNKNOWN, SD_BUS_ERROR_NAME_HAS_NO_OWNER, SD_BUS_ERROR_NO_REPLY,
                SD_BUS_ERROR_DISCONNECTED, SD_BUS_ERROR_TIMEOUT, SD_BUS_ERROR_NO_SERVER, SD_BUS_ERROR_NO_NETWORK,
        };
        static const int errors[] = { ECONNRESET, ENOTCONN, EPIPE, ETIMEDOUT, ECONNREFUSED, ENETDOWN };

        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
                if (sd_bus_error_has_name(error, names[i]))
                        return true;
        for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
                if (r == -errors[i])
                        return true;
        return error && error->name && !strncmp(error->name, "org.freedesktop.DBus.Error.Spawn.", 33);
}

int call_complain(const Call *call, const sd_bus_error *error, int r) {
        static const struct {
                const char *name;
                ExitStatus status;
        } meanings[] = {
                { SD_BUS_ERROR_INVALID_ARGS, STATUS_USAGE },
                { MAILDIAG_ERROR_NO_SUCH_PLUGIN, STATUS_USAGE },
                { SD_BUS_ERROR_ACCESS_DENIED, STATUS_NOT_ALLOWED },
                { MAILDIAG_ERROR_NO_SUCH_ACCOUNT, STATUS_NO_INPUT },
                { MAILDIAG_ERROR_NO_SUCH_CODE, STATUS_NO_INPUT },
                { MAILDIAG_ERROR_CONFIG_INVALID, STATUS_BROKEN },
                { SD_BUS_ERROR_NOT_SUPPORTED, STATUS_NOT_ALLOWED },
                { MAILDIAG_ERROR_SECRET_UNAVAILABLE, STATUS_NO_INPUT },
        };
        const char *text = error && error->message ? error->message : strerror(-r);

        for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
                if (sd_bus_error_has_name(error, meanings[i].name))
                        return complain(meanings[i].status, "%s", text);
        if (r == -ENOMEM)
                return complain_oom();
        if (is_lost(error, r))
                return complain_no_daemon(call, text);
        return complain(STATUS_UNKNOWN, _("the daemon answers: %s"), text);
}

int call_method(Call *call, const char *method, sd_bus_message **ret_reply, const char *types, ...) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        va_list args;

        int r = call_message_new(call, method, &message);
        va_start(args, types);
        if (r >= 0 && types)
                r = sd_bus_message_appendv(message, types, args);
        va_end(args);
        if (r < 0)
                return call_complain(call, NULL, r);
        return call_send(call, message, ret_reply);
}

int call_message_new(Call *call, const char *method, sd_bus_message **ret) {
        return sd_bus_message_new_method_call(call->bus, ret, call->private ? NULL : MAILDIAG_BUS_NAME, MAILDIAG_PATH,
                                              MAILDIAG_INTERFACE_MANAGER, method);
}

int call_send(Call *call, sd_bus_message *message, sd_bus_message **ret_reply) {
        _cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
        int r = sd_bus_call(call->bus, message, 0, &error, ret_reply);
        return r < 0 ? call_complain(call, &error, r) : 0;
}

int call_explain(Call *call, const char *code, const char *locale, json_t **ret_entry) {
        _cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL, *reply = NULL;

        int r = call_message_new(call, "Explain", &message);
        if (r >= 0)
                r = sd_bus_message_append(message, "ss", code, locale);
        if (r >= 0)
                r = sd_bus_call(call->bus, message, 0, &error, &reply);
        if (sd_bus_error_has_name(&error, MAILDIAG_ERROR_NO_SUCH_CODE))
                return STATUS_NO_INPUT;
        if (r >= 0)
                r = call_read_value(reply, ret_entry);
        return r < 0 ? call_complain(call, &error, r) : 0;
}

int call_explain_text(Call *call, const char *text, const char *locale, json_t **ret_entries) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;

        int status = call_method(call, "ExplainText", &reply, "ss", text, locale);
        if (status != 0)
                return status;
        int r = call_read_value(reply, ret_entries);
        return r < 0 ? call_complain(call, NULL, r) : 0;
}

int call_list_findings(Call *call, json_t **ret_codes) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;

        int status = call_method(call, "ListFindings", &reply, NULL);
        if (status != 0)
                return status;
        int r = call_read_value(reply, ret_codes);
        return r < 0 ? call_complain(call, NULL, r) : 0;
}

/* "AbiVersion" as "abi-version". */
static void document_key(const char *property, char *key, size_t size) {
        size_t n = 0;
        for (const char *c = property; *c && n + 2 < size; c++) {
                bool upper = *c >= 'A' && *c <= 'Z';
                if (upper && n > 0)
                        key[n++] = '-';
                key[n++] = upper ? (char) (*c + 32) : *c;
        }
        key[n] = '\0';
}

/* The properties of one plugin object, added to the array. */
static int add_plugin(json_t *plugins, const char *path, json_t *interfaces) {
        json_t *properties = json_object_get(interfaces, MAILDIAG_INTERFACE_PLUGIN), *plugin, *value;
        const char *property;
        if (!properties || strncmp(path, MAILDIAG_PATH_PLUGIN "/", strlen(MAILDIAG_PATH_PLUGIN "/")))
                return 0;

        plugin = json_object();
        json_object_foreach(properties, property, value) {
                char key[64];
                document_key(property, key, sizeof(key));
                if (json_object_set(plugin, key, value) < 0) {
                        json_decref(plugin);
                        return -ENOMEM;
                }
        }
        return json_array_append_new(plugins, plugin) < 0 ? -ENOMEM : 0;
}

int call_list_plugins(Call *call, json_t **ret_plugins) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL, *reply = NULL;
        json_t *objects = NULL, *interfaces, *plugins = json_array();
        const char *path;

        int r = sd_bus_message_new_method_call(call->bus, &message, call->private ? NULL : MAILDIAG_BUS_NAME,
                                               MAILDIAG_PATH, "org.freedesktop.DBus.ObjectManager",
                                               "GetManagedObjects");
        int status = r < 0 ? call_complain(call, NULL, r) : call_send(call, message, &reply);
        if (status == 0) {
                r = plugins ? call_read_value(reply, &objects) : -ENOMEM;
                if (r >= 0)
                        json_object_foreach(objects, path, interfaces)
                                r = r < 0 ? r : add_plugin(plugins, path, interfaces);
                status = r < 0 ? call_complain(call, NULL, r) : 0;
        }
        json_decref(objects);
        if (status != 0)
                json_decref(plugins);
        else
                *ret_plugins = plugins;
        return status;
}
