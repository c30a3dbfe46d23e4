/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Accounts as documents: their settings with the origin of each value, and how they are. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "describe.h"
#include "own.h"
#include "target.h"

static json_t *list_of_words(const char *text) {
        json_t *list = json_array();
        while (*text) {
                size_t length = strcspn(text, " ");
                json_array_append_new(list, json_stringn(text, length));
                text += length + strspn(text + length, " ");
        }
        return list;
}

/* A value in the type that the interface gives it. */
static json_t *describe_value(ServiceField field, const char *text) {
        if (field == SERVICE_FIELD_PORT)
                return json_integer(strtol(text, NULL, 10));
        if (field == SERVICE_FIELD_AUTH)
                return list_of_words(text);
        if (field == SERVICE_FIELD_CLEARTEXT)
                return json_boolean(!strcmp(text, "yes"));
        return json_string(text);
}

static json_t *describe_origin(const Account *account, const char *setting, const AccountValue *value) {
        json_t *origin = json_pack("{s:s, s:s, s:b}", "setting", setting, "program", account->program,
                                   "assumed", (int) value->assumed);
        if (value->assumed)
                return origin;
        json_object_set_new(origin, "file", json_string(account->paths[value->path]));
        json_object_set_new(origin, "key", json_string(account_value_key(value)));
        json_object_set_new(origin, "line", json_integer(value->line));
        return origin;
}

/* The port that belongs to the security, where the settings name none. */
static void add_usual_port(json_t *object, json_t *origins, const Account *account, const AccountService *service,
                           const Registry *registry) {
        const PluginInfo *plugin = registry ? registry_plugin(registry, service->protocol) : NULL;
        const char *word = service->values[SERVICE_FIELD_SECURITY].text;
        int security = word ? md_security_from_string(word) : -EINVAL;
        uint16_t port = plugin && security >= 0 ? registry_usual_port(plugin, security) : 0;

        if (service->values[SERVICE_FIELD_PORT].text || port == 0)
                return;
        json_object_set_new(object, "port", json_integer(port));
        json_array_append_new(origins, describe_origin(account, "port", &(AccountValue) { .assumed = true }));
}

static json_t *describe_service(const Account *account, const AccountService *service, const Registry *registry) {
        json_t *object = json_pack("{s:s}", "protocol", service->protocol), *origins = json_array();

        for (size_t i = 0; i < _SERVICE_FIELD_MAX; i++) {
                const AccountValue *value = &service->values[i];
                if (!value->text)
                        continue;
                json_object_set_new(object, service_field_name(i), describe_value(i, value->text));
                json_array_append_new(origins, describe_origin(account, service_field_name(i), value));
        }
        if (!service->values[SERVICE_FIELD_SECRET].text)
                json_object_set_new(object, "secret", json_string("none"));
        add_usual_port(object, origins, account, service, registry);
        json_object_set_new(object, "origins", origins);
        return object;
}

json_t *describe_services(const Account *account, const Registry *registry) {
        json_t *list = json_array();
        for (size_t i = 0; i < account->n_services; i++)
                json_array_append_new(list, describe_service(account, &account->services[i], registry));
        return list;
}

/* What everybody may know. */
static json_t *describe_publicly(const Account *account) {
        const AccountStatus *status = &account->status;

        return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I}", "id", account->id, "source", account->program,
                         "status", verdict_to_string(status->verdict),
                         "status-since-usec", (json_int_t) status->since_usec,
                         "last-check-usec", (json_int_t) status->checked_usec,
                         "muted-until-usec", (json_int_t) status->muted_usec);
}

/* What became of it, the oldest first. */
static json_t *describe_history(const AccountStatus *status) {
        json_t *list = json_array();
        for (size_t i = 0; i < status->n_history; i++) {
                const StatusEvent *event = &status->history[i];
                json_t *object = json_pack("{s:I, s:s}", "usec", (json_int_t) event->usec, "status",
                                           verdict_to_string(event->verdict));
                if (*event->code)
                        json_object_set_new(object, "code", json_string(event->code));
                json_array_append_new(list, object);
        }
        return list;
}

json_t *describe_account(const Account *account, const Registry *registry, bool details) {
        const AccountStatus *status = &account->status;
        json_t *object = describe_publicly(account), *files = json_array();

        if (!details) {
                json_decref(files);
                return object;
        }
        for (size_t i = 0; i < ACCOUNT_PATHS_MAX && account->paths[i]; i++)
                json_array_append_new(files, json_string(account->paths[i]));
        json_object_set_new(object, "files", files);
        json_object_set_new(object, "name", json_string(account_title(account)));
        if (account->address.text)
                json_object_set_new(object, "address", json_string(account->address.text));
        if (status->summary)
                json_object_set_new(object, "summary", json_string(status->summary));
        if (status->receive)
                json_object_set(object, "receive", status->receive);
        if (status->send)
                json_object_set(object, "send", status->send);
        json_object_set_new(object, "services", describe_services(account, registry));
        json_object_set_new(object, "last-login-usec", json_integer((json_int_t) status->login_usec));
        json_object_set_new(object, "history", describe_history(status));
        json_object_set_new(object, "findings", status->findings ? json_incref(status->findings) : json_array());
        return object;
}
