/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The properties and methods of the icon.  Icons are given by name and as pictures; the accessible texts are what a screen
 * reader says, and what GNOME's extension wants to see. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "i18n.h"
#include "own.h"
#include "pixmap.h"
#include "tray-private.h"

static const int sizes[] = { 22, 44 };

/* ---- properties ---- */

static int get_text(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                    void *userdata, sd_bus_error *error) {
        const Tray *tray = userdata;
        const struct {
                const char *property, *text;
        } texts[] = {
                { "Category", "Communications" },
                { "Id", "org.maildiag.Notifier" },
                { "Title", tray->state.title },
                { "Status", tray->state.status },
                { "IconThemePath", getenv("MAILDIAG_ICONDIR") ?: MAILDIAG_ICONDIR },
                { "IconName", tray->state.icon },
                { "AttentionIconName", tray->state.icon },
                { "IconAccessibleDesc", tray->state.title },
                { "AttentionAccessibleDesc", tray->state.title },
                { "OverlayIconName", "" },
                { "AttentionMovieName", "" },
        };
        for (size_t i = 0; i < ELEMENTS(texts); i++)
                if (!strcmp(texts[i].property, property))
                        return sd_bus_message_append(reply, "s", texts[i].text ?: "");
        return -EINVAL;
}

static int append_pixmap(sd_bus_message *message, WatchedStatus status, int size) {
        uint8_t pixels[4 * PIXMAP_SIZE_MAX * PIXMAP_SIZE_MAX];

        pixmap_draw(status, size, pixels);
        int r = sd_bus_message_open_container(message, 'r', "iiay");
        if (r >= 0)
                r = sd_bus_message_append(message, "ii", size, size);
        if (r >= 0)
                r = sd_bus_message_append_array(message, 'y', pixels, 4 * (size_t) size * (size_t) size);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int get_pixmap(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                      void *userdata, sd_bus_error *error) {
        const Tray *tray = userdata;
        int r = sd_bus_message_open_container(reply, 'a', "(iiay)");
        for (size_t i = 0; r >= 0 && i < ELEMENTS(sizes); i++)
                r = append_pixmap(reply, tray->state.worst, sizes[i]);
        return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int get_no_pixmap(sd_bus *bus, const char *path, const char *interface, const char *property,
                         sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "a(iiay)", 0);
}

static int get_tooltip(sd_bus *bus, const char *path, const char *interface, const char *property,
                       sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        const Tray *tray = userdata;
        return sd_bus_message_append(reply, "(sa(iiay)ss)", tray->state.icon, 0, tray->state.title ?: "",
                                     tray->state.text ?: "");
}

static int get_menu(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                    void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "o", TRAY_MENU_PATH);
}

static int get_false(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                     void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "b", false);
}

static int get_zero(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                    void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "i", 0);
}

/* ---- methods ---- */

static int method_activate(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Tray *tray = userdata;
        _cleanup_free_ char *token = TAKE_PTR(tray->token);

        int r = sd_bus_reply_method_return(call, NULL);
        tray->hooks.activated(tray->hooks.userdata, token ?: "");
        return r;
}

static int method_nothing(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return sd_bus_reply_method_return(call, NULL);
}

/* Wayland: what a click opens may come to the front. */
static int method_token(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Tray *tray = userdata;
        const char *token;

        int r = sd_bus_message_read(call, "s", &token);
        if (r < 0)
                return r;
        free(tray->token);
        tray->token = strdup(token);
        return sd_bus_reply_method_return(call, NULL);
}

#define METHOD(name, types, method) SD_BUS_METHOD(name, types, NULL, method, SD_BUS_VTABLE_UNPRIVILEGED)
#define CONSTANT SD_BUS_VTABLE_PROPERTY_CONST

const sd_bus_vtable tray_item_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_PROPERTY("Category", "s", get_text, 0, CONSTANT),
        SD_BUS_PROPERTY("Id", "s", get_text, 0, CONSTANT),
        SD_BUS_PROPERTY("Title", "s", get_text, 0, 0),
        SD_BUS_PROPERTY("Status", "s", get_text, 0, 0),
        SD_BUS_PROPERTY("WindowId", "i", get_zero, 0, CONSTANT),
        SD_BUS_PROPERTY("IconThemePath", "s", get_text, 0, CONSTANT),
        SD_BUS_PROPERTY("Menu", "o", get_menu, 0, CONSTANT),
        SD_BUS_PROPERTY("ItemIsMenu", "b", get_false, 0, CONSTANT),
        SD_BUS_PROPERTY("IconName", "s", get_text, 0, 0),
        SD_BUS_PROPERTY("IconPixmap", "a(iiay)", get_pixmap, 0, 0),
        SD_BUS_PROPERTY("IconAccessibleDesc", "s", get_text, 0, 0),
        SD_BUS_PROPERTY("OverlayIconName", "s", get_text, 0, 0),
        SD_BUS_PROPERTY("OverlayIconPixmap", "a(iiay)", get_no_pixmap, 0, 0),
        SD_BUS_PROPERTY("AttentionIconName", "s", get_text, 0, 0),
        SD_BUS_PROPERTY("AttentionIconPixmap", "a(iiay)", get_pixmap, 0, 0),
        SD_BUS_PROPERTY("AttentionAccessibleDesc", "s", get_text, 0, 0),
        SD_BUS_PROPERTY("AttentionMovieName", "s", get_text, 0, 0),
        SD_BUS_PROPERTY("ToolTip", "(sa(iiay)ss)", get_tooltip, 0, 0),
        METHOD("Activate", "ii", method_activate),
        METHOD("SecondaryActivate", "ii", method_activate),
        METHOD("ContextMenu", "ii", method_nothing),
        METHOD("Scroll", "is", method_nothing),
        METHOD("ProvideXdgActivationToken", "s", method_token),
        SD_BUS_SIGNAL("NewTitle", NULL, 0),
        SD_BUS_SIGNAL("NewIcon", NULL, 0),
        SD_BUS_SIGNAL("NewAttentionIcon", NULL, 0),
        SD_BUS_SIGNAL("NewOverlayIcon", NULL, 0),
        SD_BUS_SIGNAL("NewToolTip", NULL, 0),
        SD_BUS_SIGNAL("NewStatus", "s", 0),
        SD_BUS_VTABLE_END,
};
