/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The kernel's answers about routes and addresses, and when it is worth to ask again. */

#include <check.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "links.h"

/* ---- answers ---- */

typedef struct Answer {
        struct nlmsghdr header;
        struct rtmsg route;
        struct rtattr oif;
        uint32_t index;
        struct rtattr gateway;
        uint8_t address[4];
} Answer;

static Answer answer(void) {
        return (Answer) {
                .header = { .nlmsg_len = sizeof(Answer), .nlmsg_type = RTM_NEWROUTE },
                .route = { .rtm_family = 2, .rtm_type = RTN_UNICAST },
                .oif = { .rta_len = RTA_LENGTH(4), .rta_type = RTA_OIF },
                .index = 2,
                .gateway = { .rta_len = RTA_LENGTH(4), .rta_type = RTA_GATEWAY },
                .address = { 192, 0, 2, 1 },
        };
}

static uint64_t fingerprint_of(const Answer *given) {
        uint64_t fingerprint = 1;
        ck_assert(links_read_route(given, sizeof(*given), &fingerprint));
        return fingerprint;
}

START_TEST(ways) {
        Answer way = answer(), other = answer();
        uint64_t first = fingerprint_of(&way);
        ck_assert_uint_ne(first, 1);
        ck_assert_uint_eq(fingerprint_of(&other), first);
        other.address[3]++;
        ck_assert_uint_ne(fingerprint_of(&other), first);
        other = answer();
        other.index++;
        ck_assert_uint_ne(fingerprint_of(&other), first);
        /* What else the kernel says of it changes nothing. */
        other = answer();
        other.route.rtm_protocol = 9;
        other.header.nlmsg_seq = 77;
        ck_assert_uint_eq(fingerprint_of(&other), first);
}
END_TEST

START_TEST(no_ways) {
        uint64_t fingerprint = 1;
        Answer given = answer();

        given.route.rtm_type = RTN_UNREACHABLE;
        ck_assert(!links_read_route(&given, sizeof(given), &fingerprint));
        given = answer();
        given.route.rtm_flags = RTNH_F_LINKDOWN;
        ck_assert(!links_read_route(&given, sizeof(given), &fingerprint));
        given = answer();
        given.header.nlmsg_type = NLMSG_ERROR;
        ck_assert(!links_read_route(&given, sizeof(given), &fingerprint));
        ck_assert_uint_eq(fingerprint, 1);
}
END_TEST

/* Cut anywhere, and with lengths that lie. */
START_TEST(broken_answers) {
        uint8_t bytes[sizeof(Answer)];
        Answer given = answer();
        uint64_t fingerprint = 1;
        bool found = false;

        for (size_t size = 0; size < sizeof(given); size++) {
                memcpy(bytes, &given, sizeof(given));
                ck_assert(!links_read_route(bytes, size, &fingerprint));
                links_read_addresses(bytes, size, &found);
        }
        for (unsigned length = 0; length < 70; length++) {
                given = answer();
                given.oif.rta_len = (unsigned short) length;
                links_read_route(&given, sizeof(given), &fingerprint);
                given = answer();
                given.header.nlmsg_len = length;
                links_read_route(&given, sizeof(given), &fingerprint);
                given.header.nlmsg_type = RTM_NEWADDR;
                links_read_addresses(&given, sizeof(given), &found);
        }
}
END_TEST

START_TEST(addresses) {
        struct {
                struct nlmsghdr header;
                struct ifaddrmsg address;
        } list[3] = { 0 };
        bool found = false;

        for (size_t i = 0; i < 3; i++)
                list[i].header = (struct nlmsghdr) { .nlmsg_len = sizeof(list[i]), .nlmsg_type = RTM_NEWADDR };
        list[0].address.ifa_scope = RT_SCOPE_HOST;
        list[1].address.ifa_scope = RT_SCOPE_LINK;
        list[2].header.nlmsg_type = NLMSG_DONE;
        ck_assert_int_eq(links_read_addresses(list, sizeof(list[0]) * 2, &found), 0);
        ck_assert(!found);
        ck_assert_int_eq(links_read_addresses(list, sizeof(list), &found), 1);
        list[1].address.ifa_scope = RT_SCOPE_UNIVERSE;
        ck_assert_int_eq(links_read_addresses(list, sizeof(list), &found), 1);
        ck_assert(found);
        list[0].header.nlmsg_type = NLMSG_ERROR;
        ck_assert_int_eq(links_read_addresses(list, sizeof(list), &found), -EBADMSG);
}
END_TEST

/* ---- in time ---- */

START_TEST(settling) {
        Links links = { .events = -1 };
        bool changed;

        ck_assert_int_eq(links_wait_ms(&links, 1000), -1);
        ck_assert_int_eq(links_open(&links), 0);
        /* At first at once, and then nothing until there is news. */
        ck_assert_int_eq(links_wait_ms(&links, 1000), 0);
        ck_assert(links_look(&links, 1000, &changed));
        ck_assert(!changed);
        ck_assert_int_eq(links_wait_ms(&links, 1000), -1);
        ck_assert(!links_look(&links, 9000, &changed));
        /* A second after the last of them, but no later than five after the first. */
        links_hear(&links, 10000);
        ck_assert_int_eq(links_wait_ms(&links, 10000), 1000);
        links_hear(&links, 10900);
        ck_assert_int_eq(links_wait_ms(&links, 10900), 1000);
        for (uint64_t now = 11000; now < 20000; now += 900)
                links_hear(&links, now);
        ck_assert_int_eq(links_wait_ms(&links, 14900), 100);
        ck_assert_int_eq(links_wait_ms(&links, 15000), 0);
        /* Nothing became another: nothing to tell. */
        ck_assert(!links_look(&links, 15000, &changed));
        ck_assert_int_eq(links_wait_ms(&links, 15000), -1);
        links_close(&links);
}
END_TEST

/* ---- a network of its own ---- */

static void run(const char *command) {
        ck_assert_msg(system(command) == 0, "%s", command);
}

static void expect(Links *links, uint64_t now, LinksState state) {
        bool changed = false;
        links_hear(links, now);
        ck_assert(links_look(links, now + 1000, &changed));
        ck_assert(changed);
        ck_assert_str_eq(links_state_to_string(links->state), links_state_to_string(state));
}

START_TEST(real_network) {
        Links links;
        bool changed;

        if (geteuid() != 0 || unshare(CLONE_NEWNET) < 0) {
                fprintf(stderr, "links: a network of its own needs root; skipped\n");
                return;
        }
        ck_assert_int_eq(links_open(&links), 0);
        ck_assert(links_look(&links, 1, &changed));
        ck_assert_int_eq(links.state, LINKS_OFFLINE);
        run("ip link set lo up");
        links_hear(&links, 10);
        ck_assert(!links_look(&links, 2000, &changed));
        run("ip addr add 10.1.1.1/32 dev lo");
        expect(&links, 10000, LINKS_LOCAL);
        run("ip route add default dev lo src 10.1.1.1");
        expect(&links, 20000, LINKS_ONLINE);
        /* Another address on the way there is another network. */
        run("ip addr add 10.1.1.2/32 dev lo");
        run("ip route replace default dev lo src 10.1.1.2");
        expect(&links, 30000, LINKS_ONLINE);
        /* Whatever else comes is none. */
        run("ip addr add 10.1.1.3/32 dev lo");
        links_hear(&links, 40000);
        ck_assert(!links_look(&links, 41000, &changed));
        run("ip route replace unreachable default");
        expect(&links, 50000, LINKS_LOCAL);
        links_close(&links);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("links");
        TCase *tcase = tcase_create("links");
        tcase_add_test(tcase, ways);
        tcase_add_test(tcase, no_ways);
        tcase_add_test(tcase, broken_answers);
        tcase_add_test(tcase, addresses);
        tcase_add_test(tcase, settling);
        tcase_add_test(tcase, real_network);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
