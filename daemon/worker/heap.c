/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tuned for the allocator of glibc.  With another one nothing is gained and nothing breaks. */

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "heap.h"
#include "instrumented.h"

#define LARGE (32u * 1024u)
#define SMALL 1024u
#define GRAIN 16u                       /* sizes in between are the same to the allocator */

void heap_prepare(void) {
        if (!INSTRUMENTED)
                mallopt(M_MMAP_THRESHOLD, LARGE);
}

/* Holes of this size and more are taken, and kept for good.  The piece that lies on fresh pages at last is kept as well when it
 * is small: freed, it would be the first that a child takes, far away from the next. */
static void holes_fill(size_t size, uintptr_t top) {
        void *piece;

        while ((piece = malloc(size)) && (uintptr_t) piece < top)
                ;
        if (size > SMALL)
                free(piece);
}

void heap_close(void) {
        if (INSTRUMENTED)
                return;
        uintptr_t top = (uintptr_t) sbrk(0) - mallinfo2().keepcost;

        for (size_t size = LARGE / 2; size > SMALL; size -= SMALL / 2)
                holes_fill(size, top);
        for (size_t size = SMALL; size >= GRAIN; size -= GRAIN)
                holes_fill(size, top);
}
