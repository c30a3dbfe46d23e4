/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The menu as its host asks for it: a flat list under an invisible root of id 0. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "own.h"
#include "tray-private.h"

static const MenuItem *find_item(const Tray *tray, int32_t id) {
        for (size_t i = 0; i < tray->menu.n; i++)
                if (tray->menu.list[i].id == id)
                        return &tray->menu.list[i];
        return NULL;
}

/* ---- what an item is like ---- */

static int append_properties(sd_bus_message *message, const MenuItem *item) {
        int r = sd_bus_message_open_container(message, 'a', "{sv}");
        if (r >= 0 && !item)
                r = sd_bus_message_append(message, "{sv}", "children-display", "s", "submenu");
        if (r >= 0 && item && !item->label)
                r = sd_bus_message_append(message, "{sv}", "type", "s", "separator");
        if (r >= 0 && item && item->label)
                r = sd_bus_message_append(message, "{sv}{sv}", "label", "s", item->label, "enabled", "b", !item->disabled);
        if (r >= 0 && item && item->icon)
                r = sd_bus_message_append(message, "{sv}", "icon-name", "s", item->icon);
        if (r >= 0)
                r = sd_bus_message_append(message, "{sv}", "visible", "b", true);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

/* (ia{sv}av), without its children. */
static int open_node(sd_bus_message *message, int32_t id, const MenuItem *item) {
        int r = sd_bus_message_open_container(message, 'r', "ia{sv}av");
        if (r >= 0)
                r = sd_bus_message_append(message, "i", id);
        if (r >= 0)
                r = append_properties(message, item);
        return r < 0 ? r : sd_bus_message_open_container(message, 'a', "v");
}

static int close_node(sd_bus_message *message) {
        int r = sd_bus_message_close_container(message);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_child(sd_bus_message *message, const MenuItem *item) {
        int r = sd_bus_message_open_container(message, 'v', "(ia{sv}av)");
        if (r >= 0)
                r = open_node(message, item->id, item);
        if (r >= 0)
                r = close_node(message);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_layout(sd_bus_message *message, const Tray *tray, int32_t parent, int32_t depth) {
        const MenuItem *item = find_item(tray, parent);

        int r = open_node(message, parent, item);
        for (size_t i = 0; r >= 0 && parent == 0 && depth != 0 && i < tray->menu.n; i++)
                r = append_child(message, &tray->menu.list[i]);
        return r < 0 ? r : close_node(message);
}

static int method_layout(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const Tray *tray = userdata;
        int32_t parent, depth;

        int r = sd_bus_message_read(call, "ii", &parent, &depth);
        if (r < 0)
                return r;
        if (parent != 0 && !find_item(tray, parent))
                return sd_bus_error_setf(error, SD_BUS_ERROR_INVALID_ARGS, "the menu has no item %d", (int) parent);
        r = sd_bus_message_new_method_return(call, &reply);
        if (r >= 0)
                r = sd_bus_message_append(reply, "u", tray->revision);
        if (r >= 0)
                r = append_layout(reply, tray, parent, depth);
        return r < 0 ? r : sd_bus_send(NULL, reply, NULL);
}

/* NULL: the root. */
static int append_item(sd_bus_message *message, const MenuItem *item) {
        int r = sd_bus_message_open_container(message, 'r', "ia{sv}");
        if (r >= 0)
                r = sd_bus_message_append(message, "i", item ? item->id : 0);
        if (r >= 0)
                r = append_properties(message, item);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static bool is_wanted(const int32_t *ids, size_t n, int32_t id) {
        for (size_t i = 0; i < n; i++)
                if (ids[i] == id)
                        return true;
        return n == 0;                  /* of no ids: of all */
}

static int append_group(sd_bus_message *message, const Tray *tray, const int32_t *ids, size_t n) {
        int r = sd_bus_message_open_container(message, 'a', "(ia{sv})");
        if (r >= 0 && is_wanted(ids, n, 0))
                r = append_item(message, NULL);
        for (size_t i = 0; r >= 0 && i < tray->menu.n; i++)
                if (is_wanted(ids, n, tray->menu.list[i].id))
                        r = append_item(message, &tray->menu.list[i]);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int method_group(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const Tray *tray = userdata;
        const int32_t *ids;
        size_t size;

        int r = sd_bus_message_read_array(call, 'i', (const void **) &ids, &size);
        if (r >= 0)
                r = sd_bus_message_new_method_return(call, &reply);
        if (r >= 0)
                r = append_group(reply, tray, ids, size / sizeof(*ids));
        return r < 0 ? r : sd_bus_send(NULL, reply, NULL);
}

/* ---- what happens to it ---- */

static void take_event(Tray *tray, int32_t id, const char *event) {
        if (!strcmp(event, "clicked"))
                tray->hooks.chosen(tray->hooks.userdata, id);
}

static int read_event(sd_bus_message *message, int32_t *ret_id, const char **ret_event) {
        int r = sd_bus_message_read(message, "is", ret_id, ret_event);
        return r <= 0 ? r : sd_bus_message_skip(message, "vu");
}

static int method_event(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        const char *event;
        int32_t id;

        int r = read_event(call, &id, &event);
        if (r < 0)
                return r;
        r = sd_bus_reply_method_return(call, NULL);
        take_event(userdata, id, event);
        return r;
}

static int method_events(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        int r = sd_bus_message_enter_container(call, 'a', "(isvu)");
        while (r >= 0 && (r = sd_bus_message_enter_container(call, 'r', "isvu")) > 0) {
                const char *event;
                int32_t id;
                r = read_event(call, &id, &event);
                if (r >= 0)
                        take_event(userdata, id, event);
                if (r >= 0)
                        r = sd_bus_message_exit_container(call);
        }
        return r < 0 ? r : sd_bus_reply_method_return(call, "ai", 0);
}

/* What is shown is always what is there. */
static int method_about(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return sd_bus_reply_method_return(call, "b", false);
}

static int method_about_group(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return sd_bus_reply_method_return(call, "aiai", 0, 0);
}

/* ---- properties ---- */

static int get_version(sd_bus *bus, const char *path, const char *interface, const char *property,
                       sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "u", 3);
}

static int get_text(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                    void *userdata, sd_bus_error *error) {
        const Tray *tray = userdata;
        if (!strcmp(property, "Status"))
                return sd_bus_message_append(reply, "s", tray->state.worst == WATCHED_ERROR ? "notice" : "normal");
        return sd_bus_message_append(reply, "s", "ltr");
}

static int get_paths(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                     void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "as", 0);
}

#define METHOD(name, types, result, method) SD_BUS_METHOD(name, types, result, method, SD_BUS_VTABLE_UNPRIVILEGED)

const sd_bus_vtable tray_menu_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_PROPERTY("Version", "u", get_version, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("TextDirection", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Status", "s", get_text, 0, 0),
        SD_BUS_PROPERTY("IconThemePath", "as", get_paths, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        METHOD("GetLayout", "iias", "u(ia{sv}av)", method_layout),
        METHOD("GetGroupProperties", "aias", "a(ia{sv})", method_group),
        METHOD("Event", "isvu", NULL, method_event),
        METHOD("EventGroup", "a(isvu)", "ai", method_events),
        METHOD("AboutToShow", "i", "b", method_about),
        METHOD("AboutToShowGroup", "ai", "aiai", method_about_group),
        SD_BUS_SIGNAL("ItemsPropertiesUpdated", "a(ia{sv})a(ias)", 0),
        SD_BUS_SIGNAL("LayoutUpdated", "ui", 0),
        SD_BUS_SIGNAL("ItemActivationRequested", "iu", 0),
        SD_BUS_VTABLE_END,
};
