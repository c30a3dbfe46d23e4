/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The tray icons as pictures, for hosts that do not find them in their icon theme. */

#include <stddef.h>
#include <stdint.h>

#include "watched.h"

#define PIXMAP_SIZE_MAX 64

/* Draws an envelope with the sign of a status: `size` squared pixels of alpha, red, green, blue, a byte each. */
void pixmap_draw(WatchedStatus status, int size, uint8_t *pixels);
