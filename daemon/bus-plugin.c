/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* org.maildiag.Diag1.Plugin: an object per file of the plugin directory. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus-private.h"
#include "dbus/names.h"
#include "own.h"

static const PluginInfo *plugin_at(const Manager *manager, size_t i) {
        return manager_registry(manager) ? registry_plugin_at(manager_registry(manager), i) : NULL;
}

int bus_plugin_find(sd_bus *bus, const char *path, const char *interface, void *userdata, void **ret,
                    sd_bus_error *error) {
        const Manager *manager = userdata;
        _cleanup_free_ char *name = NULL;
        const PluginInfo *plugin;

        int r = sd_bus_path_decode(path, MAILDIAG_PATH_PLUGIN, &name);
        if (r <= 0 || !*name)
                return r < 0 ? r : 0;
        for (size_t i = 0; (plugin = plugin_at(manager, i)); i++)
                if (!strcmp(plugin->name, name)) {
                        *ret = (void *) plugin;
                        return 1;
                }
        sd_bus_error_set(error, MAILDIAG_ERROR_NO_SUCH_PLUGIN, "the plugin directory holds no such file");
        return -ENOENT;
}

int bus_plugin_enumerate(sd_bus *bus, const char *prefix, void *userdata, char ***ret, sd_bus_error *error) {
        const Manager *manager = userdata;
        const PluginInfo *plugin;
        size_t n = 0;

        char **paths = calloc(REGISTRY_ALL_MAX + 1, sizeof(char *));
        if (!paths)
                return -ENOMEM;
        for (size_t i = 0; (plugin = plugin_at(manager, i)); i++)
                if (sd_bus_path_encode(MAILDIAG_PATH_PLUGIN, plugin->name, &paths[n]) >= 0)
                        n++;
        *ret = paths;
        return 0;
}

/* ---- properties ---- */

static int get_text(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                    void *userdata, sd_bus_error *error) {
        const PluginInfo *plugin = userdata;
        const struct {
                const char *property, *text;
        } texts[] = {
                { "Name", plugin->name },
                { "Version", plugin->version },
                { "State", plugin->loaded ? "loaded" : "failed" },
                { "Error", plugin->error },
        };
        for (size_t i = 0; i < ELEMENTS(texts); i++)
                if (!strcmp(texts[i].property, property))
                        return sd_bus_message_append(reply, "s", texts[i].text);
        return -EINVAL;
}

static int get_abi(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                   void *userdata, sd_bus_error *error) {
        const PluginInfo *plugin = userdata;
        return sd_bus_message_append(reply, "u", plugin->abi);
}

static int get_protocols(sd_bus *bus, const char *path, const char *interface, const char *property,
                         sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        const PluginInfo *plugin = userdata;
        return plugin->loaded && plugin->kind == MD_KIND_PROTOCOL ? sd_bus_message_append(reply, "as", 1, plugin->name) :
                                sd_bus_message_append(reply, "as", 0);
}

static int get_checks(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                      void *userdata, sd_bus_error *error) {
        const PluginInfo *plugin = userdata;
        int r = sd_bus_message_open_container(reply, 'a', "s");
        for (size_t i = 0; r >= 0 && i < plugin->n_findings; i++)
                r = sd_bus_message_append(reply, "s", plugin->findings[i].id);
        return r < 0 ? r : sd_bus_message_close_container(reply);
}

const sd_bus_vtable bus_plugin_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_PROPERTY("Name", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Version", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("AbiVersion", "u", get_abi, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Protocols", "as", get_protocols, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Checks", "as", get_checks, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("State", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Error", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_VTABLE_END,
};
