/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Questions to polkit, without waiting for the answer. */

#include <stdbool.h>
#include <systemd/sd-bus.h>

typedef enum PolkitAnswer {
        POLKIT_YES,
        POLKIT_NO,
        POLKIT_CHALLENGE,               /* the user would have to prove himself, and may not be asked to in this call */
        POLKIT_ABSENT,                  /* it cannot be asked */
} PolkitAnswer;

typedef struct PolkitQuestion PolkitQuestion;

/* Called once, from the loop; the question is gone.  `why` says in one line why polkit is absent, else it is NULL. */
typedef void (*PolkitHandler)(PolkitAnswer answer, const char *why, void *userdata);

/* Asks whether whoever has this name on the bus may do `action`; `interactive`: the user may be asked for a password. */
int polkit_ask(sd_bus *bus, const char *name, const char *action, bool interactive, PolkitHandler handler, void *userdata,
               PolkitQuestion **ret);
/* Takes it back: a dialogue that it has opened closes. Returns NULL. */
PolkitQuestion *polkit_withdraw(PolkitQuestion *question);
