/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The state of the network, from what the worker and NetworkManager say. */

#include <check.h>
#include <errno.h>

#include "harness.h"
#include "network.h"
#include "own.h"

static const struct {
        NetworkState links, manager, state;
        bool up;
} cases[] = {
        { NETWORK_UNKNOWN, NETWORK_UNKNOWN, NETWORK_UNKNOWN, true },
        { NETWORK_ONLINE, NETWORK_UNKNOWN, NETWORK_ONLINE, true },
        { NETWORK_LOCAL, NETWORK_UNKNOWN, NETWORK_LOCAL, false },
        { NETWORK_OFFLINE, NETWORK_UNKNOWN, NETWORK_OFFLINE, false },
        { NETWORK_UNKNOWN, NETWORK_ONLINE, NETWORK_ONLINE, true },
        { NETWORK_ONLINE, NETWORK_PORTAL, NETWORK_PORTAL, false },
        { NETWORK_ONLINE, NETWORK_LOCAL, NETWORK_LOCAL, false },
        { NETWORK_ONLINE, NETWORK_OFFLINE, NETWORK_OFFLINE, false },
        /* The links are gone before anybody has asked the internet again. */
        { NETWORK_OFFLINE, NETWORK_ONLINE, NETWORK_OFFLINE, false },
        { NETWORK_LOCAL, NETWORK_ONLINE, NETWORK_ONLINE, true },
};

START_TEST(both) {
        const Network network = { cases[_i].links, cases[_i].manager };
        ck_assert_int_eq(network_state(&network), cases[_i].state);
        ck_assert(network_is_up(cases[_i].state) == cases[_i].up);
}
END_TEST

START_TEST(words) {
        static const char *const no_words[] = { "", "Online", "portal", "unknown", "online " };
        ck_assert_int_eq(network_state_from_word("online"), NETWORK_ONLINE);
        ck_assert_int_eq(network_state_from_word("local"), NETWORK_LOCAL);
        ck_assert_int_eq(network_state_from_word("offline"), NETWORK_OFFLINE);
        for (size_t i = 0; i < ELEMENTS(no_words); i++)
                ck_assert_int_eq(network_state_from_word(no_words[i]), -EINVAL);
        for (NetworkState state = NETWORK_UNKNOWN; state <= NETWORK_OFFLINE; state++)
                ck_assert_ptr_nonnull(network_state_to_string(state));
}
END_TEST

START_TEST(connectivity) {
        static const NetworkState states[] = { NETWORK_UNKNOWN, NETWORK_OFFLINE, NETWORK_PORTAL, NETWORK_LOCAL,
                                               NETWORK_ONLINE, NETWORK_UNKNOWN };
        for (size_t i = 0; i < ELEMENTS(states); i++)
                ck_assert_int_eq(network_state_from_connectivity(i), states[i]);
        ck_assert_int_eq(network_state_from_connectivity(UINT32_MAX), NETWORK_UNKNOWN);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("network");
        TCase *tcase = tcase_create("network");
        tcase_add_loop_test(tcase, both, 0, ELEMENTS(cases));
        tcase_add_test(tcase, words);
        tcase_add_test(tcase, connectivity);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
