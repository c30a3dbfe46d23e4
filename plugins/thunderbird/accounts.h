/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What preferences say about accounts.  Pure.
 *
 * An account has a server that it receives from and identities, and each identity a server that it sends with.  What is not
 * written down is Thunderbird's default, and marked as assumed.
 */

#include <maildiag/source.h>

#include "fault.h"
#include "prefs.h"

typedef struct AccountsSink {
        /* Everything ends with the call; the files of the account are the caller's.  False: it was not taken. */
        bool (*account)(void *userdata, const MdSourceAccount *account);
        void *userdata;
} AccountsSink;

/* Returns 0, whatever is broken; -ENOMEM. */
int accounts_tell(const Prefs *prefs, const AccountsSink *sink, const FaultSink *faults);
