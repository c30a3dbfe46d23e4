/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The worker's standard error, line by line into the daemon's messages. */

#include <systemd/sd-event.h>

typedef struct Voice Voice;

/* Takes over the descriptor. */
int voice_new(sd_event *event, int fd, Voice **ret);
/* Reads what is left, and frees; returns NULL. */
Voice *voice_free(Voice *voice);
/* The last line; "" when there was none. */
const char *voice_last(const Voice *voice);
