/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The same picture as in the icon theme, drawn by hand: what is at a point of a square of 32 units, asked for 16 points of each
 * pixel.
 */

#include <math.h>
#include <stdbool.h>

#include "own.h"
#include "pixmap.h"

#define UNITS 32.0f
#define SAMPLES 4

typedef struct Colour {
        uint8_t red, green, blue;
} Colour;

typedef struct Point {
        float x, y;
} Point;

static const Colour paper = { 0xf6, 0xf5, 0xf4 }, ink = { 0x3d, 0x45, 0x4f }, white = { 0xff, 0xff, 0xff };

static const struct Sign {
        Colour colour;
        Point lines[4];                 /* of the mark: from, to, from, to */
} signs[] = {
        [WATCHED_UNKNOWN] = { { 0x77, 0x76, 0x7b }, { { 20, 23 }, { 26, 23 }, { 20, 23 }, { 26, 23 } } },
        [WATCHED_OK] = { { 0x1f, 0x8a, 0x4c }, { { 19.5f, 23 }, { 22, 25.5f }, { 22, 25.5f }, { 26.5f, 20.5f } } },
        [WATCHED_INFO] = { { 0x1f, 0x8a, 0x4c }, { { 19.5f, 23 }, { 22, 25.5f }, { 22, 25.5f }, { 26.5f, 20.5f } } },
        [WATCHED_WARNING] = { { 0xb3, 0x6b, 0x00 }, { { 23, 18.5f }, { 23, 23.5f }, { 23, 27 }, { 23, 27 } } },
        [WATCHED_ERROR] = { { 0xc0, 0x1c, 0x28 }, { { 20, 20 }, { 26, 26 }, { 26, 20 }, { 20, 26 } } },
};

/* Distance of a point from a line between two others. */
static float distance(Point p, Point from, Point to) {
        float dx = to.x - from.x, dy = to.y - from.y, length = dx * dx + dy * dy;
        float t = length > 0 ? ((p.x - from.x) * dx + (p.y - from.y) * dy) / length : 0;
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        return hypotf(p.x - from.x - t * dx, p.y - from.y - t * dy);
}

static bool in_box(Point p, float left, float top, float right, float bottom) {
        return p.x >= left && p.x <= right && p.y >= top && p.y <= bottom;
}

/* NULL: nothing is there. */
static const Colour *colour_at(Point p, const struct Sign *sign) {
        if (distance(p, (Point) { 23, 23 }, (Point) { 23, 23 }) <= 8) {
                bool mark = distance(p, sign->lines[0], sign->lines[1]) <= 1.25f ||
                            distance(p, sign->lines[2], sign->lines[3]) <= 1.25f;
                return mark ? &white : &sign->colour;
        }
        if (!in_box(p, 1, 5, 31, 27))
                return NULL;
        bool flap = distance(p, (Point) { 2, 6 }, (Point) { 16, 17 }) <= 1 ||
                    distance(p, (Point) { 30, 6 }, (Point) { 16, 17 }) <= 1;
        return flap || !in_box(p, 3, 7, 29, 25) ? &ink : &paper;
}

static void draw_pixel(const struct Sign *sign, int size, int x, int y, uint8_t *pixel) {
        unsigned red = 0, green = 0, blue = 0, n = 0;

        for (int sample = 0; sample < SAMPLES * SAMPLES; sample++) {
                Point p = {
                        ((float) x + ((float) (sample % SAMPLES) + 0.5f) / SAMPLES) * UNITS / (float) size,
                        ((float) y + ((float) (sample / SAMPLES) + 0.5f) / SAMPLES) * UNITS / (float) size,
                };
                const Colour *colour = colour_at(p, sign);
                if (!colour)
                        continue;
                red += colour->red;
                green += colour->green;
                blue += colour->blue;
                n++;
        }
        pixel[0] = (uint8_t) (n * 255 / (SAMPLES * SAMPLES));
        pixel[1] = (uint8_t) (n > 0 ? red / n : 0);
        pixel[2] = (uint8_t) (n > 0 ? green / n : 0);
        pixel[3] = (uint8_t) (n > 0 ? blue / n : 0);
}

void pixmap_draw(WatchedStatus status, int size, uint8_t *pixels) {
        for (int y = 0; y < size; y++)
                for (int x = 0; x < size; x++)
                        draw_pixel(&signs[status], size, x, y, pixels + 4 * (y * size + x));
}
