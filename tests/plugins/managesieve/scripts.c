/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* After the login: which scripts there are, and whether one more would fit.  Nothing is written. */

#include <string.h>
#include <strings.h>

#include "sieve.h"

/* Of an ordinary script: some filters and a vacation notice. */
#define SCRIPT_SIZE "4096"

int sieve_step_scripts(MdProbe *probe, void *state) {
        SieveState *sieve = state;
        unsigned n = 0;
        bool active = false;

        if (!md_probe_is_logged_in(probe))
                return MD_SKIP;
        int r = sieve_ask(probe, sieve, "LISTSCRIPTS");
        while (r >= 0 && sieve->response.status == SIEVE_DATA) {
                active |= sieve->response.active;
                r = ++n > MD_REPLY_LINES_MAX ? md_too_many_lines(probe) : sieve_read(probe, sieve);
        }
        if (r < 0)
                return r;
        if (sieve->response.status != SIEVE_OK) {
                sieve_refused(probe, sieve, "mailbox", "LISTSCRIPTS");
                return MD_DONE;
        }
        md_fact_number(probe, "scripts", n);
        md_fact_truth(probe, "script-active", active);
        if (!active)
                md_find(probe, "sieve.no-active-script", NULL, MD_NUMBER("scripts", n));
        return MD_NEXT;
}

int sieve_step_space(MdProbe *probe, void *state) {
        SieveState *sieve = state;

        if (!md_probe_is_logged_in(probe))
                return MD_SKIP;
        int r = sieve_ask(probe, sieve, "HAVESPACE \"maildiag\" " SCRIPT_SIZE);
        if (r < 0)
                return r;
        switch (sieve->response.status) {
        case SIEVE_OK:
                return MD_NEXT;
        case SIEVE_NO:
                /* Refused for another reason than room (QUOTA/MAXSIZE, QUOTA/MAXSCRIPTS), it tells nothing. */
                if (strncasecmp(sieve->response.code, "QUOTA", strlen("QUOTA")))
                        sieve_observe_refusal(probe, sieve, "HAVESPACE");
                else
                        sieve_refused(probe, sieve, "mailbox", "HAVESPACE");
                return MD_NEXT;
        case SIEVE_BYE:
                sieve_refused(probe, sieve, "mailbox", "HAVESPACE");
                return MD_DONE;
        case SIEVE_DATA:
                break;
        }
        return md_bad_reply(probe, sieve->line);
}
