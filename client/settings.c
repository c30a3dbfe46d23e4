/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The owned parts of the settings. */

#include <stdlib.h>

#include "settings.h"

void settings_done(Settings *settings) {
        for (size_t i = 0; i < settings->n_services; i++)
                free(settings->services[i].host);
        for (char **mechanism = settings->mechanisms; mechanism && *mechanism; mechanism++)
                free(*mechanism);
        free(settings->mechanisms);
        free(settings->connect_to);
        free(settings->tls_name);
        *settings = (Settings) {};
}
