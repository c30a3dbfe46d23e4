/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "nagios.h"
#include "report.h"

/* Not translated: this is read by programs, and by people who compare it with what others have. */

typedef enum State {
        NAGIOS_OK,
        NAGIOS_WARNING,
        NAGIOS_CRITICAL,
        NAGIOS_UNKNOWN,
} State;

static const char *const state_words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

static State state_of(const char *verdict) {
        static const struct {
                const char *verdict;
                State state;
        } states[] = {
                { "ok", NAGIOS_OK }, { "info", NAGIOS_OK }, { "warning", NAGIOS_WARNING }, { "error", NAGIOS_CRITICAL },
        };
        for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
                if (!strcmp(states[i].verdict, verdict))
                        return states[i].state;
        return NAGIOS_UNKNOWN;
}

/* Of two accounts, what is said of both: what is known to be broken first. */
static State worse_of(State a, State b) {
        static const int rank[] = { [NAGIOS_OK] = 0, [NAGIOS_UNKNOWN] = 1, [NAGIOS_WARNING] = 2, [NAGIOS_CRITICAL] = 3 };
        return rank[a] > rank[b] ? a : b;
}

/* The root cause; "" when there is none, or the caller may not know. */
static const char *cause_of(const json_t *account) {
        return report_text(json_array_get(json_object_get(account, "findings"), 0), "code");
}

static void print_account(const json_t *account, const char *before) {
        const char *cause = cause_of(account);
        printf("%s%s", before, report_text(account, "id"));
        if (*cause)
                printf(" (%s)", cause);
}

typedef struct Count {
        unsigned of[4];
        unsigned total;
        State worst;
} Count;

static Count count(const json_t *accounts) {
        Count count = { .worst = NAGIOS_OK };
        json_t *account;
        size_t i;

        json_array_foreach((json_t *) accounts, i, account) {
                State state = state_of(report_text(account, "status"));
                count.of[state]++;
                count.total++;
                count.worst = worse_of(count.worst, state);
        }
        return count;
}

/* Those in the state that decides, by name. */
static void print_worst(const json_t *accounts, State worst) {
        const char *before = ": ";
        json_t *account;
        size_t i;

        json_array_foreach((json_t *) accounts, i, account)
                if (state_of(report_text(account, "status")) == worst) {
                        print_account(account, before);
                        before = ", ";
                }
}

static void print_details(const json_t *accounts) {
        json_t *account;
        size_t i;

        json_array_foreach((json_t *) accounts, i, account) {
                State state = state_of(report_text(account, "status"));
                if (state == NAGIOS_OK)
                        continue;
                printf("%s ", state_words[state]);
                print_account(account, "");
                putchar('\n');
        }
}

static int say_unknown(const char *why) {
        printf("MAILDIAG UNKNOWN - %s\n", why);
        return NAGIOS_UNKNOWN;
}

int nagios_print(const json_t *document, int failure) {
        static const char *const phrases[] = {
                [NAGIOS_OK] = "are well", [NAGIOS_WARNING] = "have a warning", [NAGIOS_CRITICAL] = "are broken",
                [NAGIOS_UNKNOWN] = "could not be judged",
        };
        if (failure == STATUS_NO_DAEMON)
                return say_unknown("no daemon answers");
        if (failure == STATUS_NOT_ALLOWED)
                return say_unknown("the daemon refuses to answer");
        if (failure != 0)
                return say_unknown("the daemon gave no answer");

        const json_t *accounts = json_object_get(document, "accounts");
        Count found = count(accounts);
        if (found.total == 0)
                return say_unknown("the daemon knows no account");

        printf("MAILDIAG %s - %u of %u accounts %s", state_words[found.worst], found.of[found.worst], found.total,
               phrases[found.worst]);
        if (found.worst != NAGIOS_OK)
                print_worst(accounts, found.worst);
        printf(" | broken=%u;;0;0;%u warning=%u;0;;0;%u unknown=%u;;;0;%u\n", found.of[NAGIOS_CRITICAL], found.total,
               found.of[NAGIOS_WARNING], found.total, found.of[NAGIOS_UNKNOWN], found.total);
        print_details(accounts);
        return found.worst;
}
