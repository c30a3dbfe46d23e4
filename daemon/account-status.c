/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The life of a status. */

#include <stdlib.h>

#include "account-status.h"

void account_status_init(AccountStatus *status) {
        *status = (AccountStatus) { .verdict = VERDICT_UNKNOWN };
}

void account_status_done(AccountStatus *status) {
        free(status->summary);
        json_decref(status->receive);
        json_decref(status->send);
        json_decref(status->findings);
        account_status_init(status);
}
