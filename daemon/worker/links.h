/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The network of this computer: whether there is one, and when it became another.  The worker sees it, since the daemon has
 * none.
 *
 * The kernel tells of every change of links, addresses and routes (rtnetlink(7)); what counts is where a packet to the
 * internet would go.  No packet is sent to find out.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum LinksState {
        LINKS_OFFLINE,                  /* no address but those of this computer itself */
        LINKS_LOCAL,                    /* an address, but no way to the internet */
        LINKS_ONLINE,
} LinksState;

const char *links_state_to_string(LinksState state);

typedef struct Links {
        int events;                     /* socket that the kernel tells changes on; -1: it does not */
        int questions;                  /* socket for what we ask */
        bool known;
        LinksState state;
        uint64_t fingerprint;           /* of the way to the internet */
        uint64_t changed_ms;            /* when the first change came that was not looked at; 0: none */
        uint64_t last_ms;               /* the last one */
} Links;

/* Opens both sockets.  Returns 0 or -errno; without them nothing is ever told. */
int links_open(Links *links);
void links_close(Links *links);

/* Takes what the kernel has told. */
void links_hear(Links *links, uint64_t now_ms);
/* How long until it is worth a look, for poll(2); -1: for ever. */
int links_wait_ms(const Links *links, uint64_t now_ms);
/* Looks, if that is due.  Returns whether there is something to tell: the first time, and when it became another. */
bool links_look(Links *links, uint64_t now_ms, bool *ret_changed);

/* ---- what the kernel answers, as bytes; pure ---- */

/* Where a packet would go: folds the way into the fingerprint.  Returns whether there is a way. */
bool links_read_route(const void *message, size_t size, uint64_t *fingerprint);
/* A part of the list of addresses.  Returns 1 when the list is over, 0 when more comes, -EBADMSG; ret_found becomes true
 * with an address that others could reach. */
int links_read_addresses(const void *message, size_t size, bool *ret_found);
