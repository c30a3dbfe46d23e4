/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Times in one unit: nobody needs the seconds of what was yesterday. */

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "ago.h"
#include "i18n.h"

uint64_t ago_now(void) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        return (uint64_t) now.tv_sec * 1000000 + (uint64_t) now.tv_nsec / 1000;
}

Ago ago_format(uint64_t usec, uint64_t now_usec) {
        static const struct {
                uint64_t seconds;       /* of the unit */
                uint64_t until;         /* seconds */
                const char *past, *future;
        } units[] = {
                { 1, 2 * 60, N_("%u s ago"), N_("in %u s") },
                { 60, 2 * 60 * 60, N_("%u min ago"), N_("in %u min") },
                { 60 * 60, 48 * 60 * 60, N_("%u h ago"), N_("in %u h") },
                { 24 * 60 * 60, UINT64_MAX, N_("%u days ago"), N_("in %u days") },
        };
        bool future = usec > now_usec;
        uint64_t seconds = (future ? usec - now_usec : now_usec - usec) / 1000000;
        Ago ago;
        size_t i = 0;

        if (usec == 0) {
                snprintf(ago.text, sizeof(ago.text), "%s", _("never"));
                return ago;
        }
        while (seconds >= units[i].until)
                i++;
        snprintf(ago.text, sizeof(ago.text), future ? _(units[i].future) : _(units[i].past),
                 (unsigned) (seconds / units[i].seconds));
        return ago;
}
