/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Who frees what: cleanup attributes and the handing over of ownership, as daemon and clients use them. */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Closes a descriptor, if it is one; returns -1. */
static inline int close_fd(int fd) {
        if (fd >= 0)
                close(fd);
        return -1;
}

static inline void own_free(void *pointer) {
        free(*(void **) pointer);
}

static inline void own_close(int *fd) {
        close_fd(*fd);
}

static inline void own_fclose(FILE **file) {
        if (*file)
                fclose(*file);
}

#define _cleanup_(function) __attribute__((cleanup(function)))
#define _cleanup_free_ _cleanup_(own_free)
#define _cleanup_close_ _cleanup_(own_close)
#define _cleanup_fclose_ _cleanup_(own_fclose)

/* The value of a variable that owns something, which owns nothing afterwards. */
#define TAKE_PTR(pointer)                               \
        ({                                              \
                __typeof__(pointer) _taken = (pointer); \
                (pointer) = NULL;                       \
                _taken;                                 \
        })
#define TAKE_FD(fd)                     \
        ({                              \
                int _taken = (fd);      \
                (fd) = -1;              \
                _taken;                 \
        })

#define ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))
